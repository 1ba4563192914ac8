import { ManualClock } from '../simulator/clock.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { caption, textToImage } from '../simulator/workflows.ts';
import type { JobSource } from '../src/comfy/jobs/job-finding.ts';
import { JobReconciler } from '../src/comfy/jobs/job-reconciler.ts';
import { ComfyRest } from '../src/comfy/rest/comfy-rest.ts';
import type { MonitorEvent } from '../src/domain/monitor-event.ts';
import { createMonitorStore } from '../src/domain/store.ts';
import { benchServer } from './bench-server.ts';

const queued = 100;
const polls = 200;

export interface PollCost {
  /** Prompts in the queue and in the history. */
  queued: number;
  history: number;
  /** CPU time of one poll: reading the answer, decoding, reconciling, reducing; ms. */
  cpuMsPerPoll: number;
  /** Bytes read by one poll. */
  bytesPerPoll: number;
}

/**
 * What it costs to look again at a server with 100 queued prompts, with little and with much history. The
 * answers are read once and then given again, so that the server's own work is not measured.
 */
export async function measurePollCost(history: number): Promise<PollCost> {
  const clock = new ManualClock(Date.now());
  const simulator = await startSimulator({ scenario: 'idle', clock, historyLimit: 10_000 });
  try {
    for (let n = 0; n < history; n += 1) {
      const { graph, workflow } = caption(`Caption ${n}`, 'a lighthouse');
      simulator.submit(graph, { clientId: 'bench', workflow });
      clock.advance(1_000);
    }
    for (let n = 0; n < queued; n += 1) {
      const { graph, workflow } = textToImage({ title: `Image ${n}`, prompt: 'a lighthouse', seed: n });
      simulator.submit(graph, { clientId: 'bench', workflow });
    }
    return { queued, history, ...(await measure(simulator.url)) };
  } finally {
    await simulator.stop();
  }
}

async function measure(url: string): Promise<Pick<PollCost, 'cpuMsPerPoll' | 'bytesPerPoll'>> {
  const answers = new Map<string, string>();
  const realFetch = globalThis.fetch;
  let bytes = 0;
  globalThis.fetch = async (input, init) => {
    const address = String(input);
    const known = answers.get(address) ?? (await (await realFetch(input, init)).text());
    answers.set(address, known);
    bytes += Buffer.byteLength(known);
    return new Response(known, { headers: { date: new Date().toUTCString() } });
  };
  try {
    const store = createMonitorStore();
    store.apply([{ type: 'server_added', serverId: benchServer.id, at: Date.now(), server: benchServer }]);
    const rest: JobSource = new ComfyRest({ access: { url, headers: {}, certificate: null } });
    const reconciler = new JobReconciler(rest);
    const poll = () =>
      reconciler.read((finding) => {
        const event: MonitorEvent = { serverId: benchServer.id, at: Date.now(), ...finding };
        store.apply([event]);
      }, new AbortController().signal);
    // The first looks read the history and the graphs.
    await poll();
    await poll();
    bytes = 0;
    const before = process.cpuUsage();
    for (let n = 0; n < polls; n += 1) await poll();
    const { user, system } = process.cpuUsage(before);
    return {
      cpuMsPerPoll: Math.round((user + system) / polls / 10) / 100,
      bytesPerPoll: Math.round(bytes / polls),
    };
  } finally {
    globalThis.fetch = realFetch;
  }
}
