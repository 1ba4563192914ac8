import { eventsBy } from '../src/comfy/testing/decoding.ts';
import { decodeMessage } from '../src/comfy/wire/decode-message.ts';
import type { MonitorEvent } from '../src/domain/monitor-event.ts';
import { emptyState, limits, type MonitorState, monitorStateSchema } from '../src/domain/monitor-state.ts';
import { reduce } from '../src/domain/reduce.ts';
import { type MachineState, unknownMachine } from '../src/domain/telemetry/machine-state.ts';
import { gpuState, parametersWith } from '../src/domain/testing/builders.ts';
import { pageState } from '../src/host/page/page-state.ts';
import { benchServer } from './bench-server.ts';

const start = 1_790_000_000_000;
const rounds = 20;

export interface LargeMessageCost {
  bytes: number;
  /** Milliseconds, best of several rounds. */
  parseMs: number;
  decodeAndReduceMs: number;
  ratio: number;
}

/** What one message of 1 MiB costs, from text to new state: how all nodes of a large graph stand. */
export function measureLargeMessage(): LargeMessageCost {
  const nodes = Object.fromEntries(
    Array.from({ length: 5_300 }, (_, n) => {
      const id = `${n}:${n}`;
      const state = n < 5_290 ? 'finished' : 'running';
      const rest = { prompt_id: 'p', display_node_id: id, parent_node_id: null, real_node_id: id };
      return [
        id,
        { value: n % 20, max: 20, state, node_id: id, activity: null, note: 'x'.repeat(20), ...rest },
      ];
    }),
  );
  const text = JSON.stringify({ type: 'progress_state', data: { prompt_id: 'p', nodes } });
  const parse = best(() => JSON.parse(text));
  const all = best(() => {
    const event = eventsBy()(decodeMessage(text, sourceAt(0)).event);
    if (!event) throw new Error('the message was not understood');
    const after = reduce(watchedState(), event);
    if (after.servers[0]?.running.length !== 1) throw new Error('the message did not arrive in the state');
  });
  return {
    bytes: Buffer.byteLength(text),
    parseMs: round(parse),
    decodeAndReduceMs: round(all),
    ratio: round(all / parse),
  };
}

export interface ManyNodesCost {
  nodeIds: number;
  totalMs: number;
  /** Milliseconds of the first and of the last thousand: how many came before must not matter. */
  firstThousandMs: number;
  lastThousandMs: number;
}

/** What 100,000 `executing` messages of one prompt cost, each of another node. */
export function measureManyNodes(): ManyNodesCost {
  const nodeIds = 100_000;
  const texts = Array.from({ length: nodeIds }, (_, n) =>
    JSON.stringify({ type: 'executing', data: { node: `${n}`, display_node: `${n}`, prompt_id: 'p' } }),
  );
  // The second time all of it is compiled.
  walk(texts.slice(0, 10_000));
  const times = walk(texts);
  return {
    nodeIds,
    totalMs: Math.round(times.reduce((sum, ms) => sum + ms, 0)),
    firstThousandMs: round(times[0] ?? 0),
    lastThousandMs: round(times.at(-1) ?? 0),
  };
}

/** Milliseconds per thousand messages. */
function walk(texts: readonly string[]): number[] {
  let state = watchedState();
  const told = eventsBy();
  const times: number[] = [];
  for (let from = 0; from < texts.length; from += 1_000) {
    const before = performance.now();
    for (const text of texts.slice(from, from + 1_000)) {
      const event = told(decodeMessage(text, sourceAt(from)).event);
      if (event) state = reduce(state, event);
    }
    times.push(performance.now() - before);
  }
  return times;
}

export interface SnapshotCost {
  jobs: number;
  bytes: number;
  /** For the host to make it as text, and for the page to read and check it, ms. */
  makeMs: number;
  readMs: number;
}

/** What a snapshot costs of a server that filled every bound: jobs, outputs, texts, names, telemetry. */
export function measureSnapshot(): SnapshotCost {
  const state = fullState();
  const made = JSON.stringify(pageState(state).state);
  const server = state.servers[0];
  return {
    jobs: (server?.running.length ?? 0) + (server?.pending.length ?? 0) + (server?.finished.length ?? 0),
    bytes: Buffer.byteLength(made),
    makeMs: round(best(() => JSON.stringify(pageState(state).state))),
    readMs: round(best(() => monitorStateSchema.parse(JSON.parse(made)))),
  };
}

function fullState(): MonitorState {
  const events: MonitorEvent[] = [];
  const about = (n: number) => ({ serverId: benchServer.id, at: start + n * 1_000 });
  const sample = { cpuPercent: 20, ramUsed: 20e9, ramTotal: 64e9, diskUsed: 1e12, diskTotal: 2e12 };
  const gpu = { loadPercent: 97, temperatureC: 70, vramUsed: 20e9, vramTotal: 24e9, powerWatts: 400 };
  const machine: MachineState = {
    ...unknownMachine,
    gpus: [gpuState({ name: 'NVIDIA GeForce RTX 4090', powerLimitWatts: 450, vramOwn: 18e9 })],
  };
  // A day of one sample a second would take as long to make as the rest; minutes are what is kept of it.
  for (let n = 0; n < 1_440; n += 1) {
    const at = start + n * 60_000 - 1_440 * 60_000;
    events.push({
      ...about(0),
      at,
      type: 'telemetry_sampled',
      sample: { at, ...sample, gpus: [gpu] },
      machine,
    });
  }
  for (let n = 0; n < 900; n += 1) {
    const { at } = about(n);
    events.push({
      ...about(n),
      type: 'telemetry_sampled',
      sample: { at, ...sample, gpus: [gpu] },
      machine,
    });
  }
  const entry = { queueNumber: 1, queuedAt: start, startedAt: null, title: 'A picture', nodeTotal: 30 };
  const parameters = parametersWith({
    models: ['sd_xl_base_1.0.safetensors'],
    width: 1_024,
    height: 1_024,
    batch: 1,
    seed: '1125899906842624',
    steps: 30,
    cfg: 7,
    sampler: 'dpmpp_2m',
    scheduler: 'karras',
    positive: { text: 'a lighthouse at dawn, '.repeat(20), isClipped: false },
    negative: { text: 'blurry, '.repeat(30), isClipped: false },
  });
  // Each its own, as they come off the wire.
  const pending = Array.from({ length: limits.pendingJobs }, (_, n) => ({
    promptId: idOf(n),
    ...entry,
    parameters: { ...parameters },
  }));
  events.push({ ...about(1_000), type: 'queue_read', running: [], pending });
  for (let job = 0; job < limits.finishedJobs + limits.runningJobs; job += 1) {
    const promptId = idOf(10_000 + job);
    const executed = Array.from({ length: limits.outputsPerJob }, (_, n) => {
      const file = {
        filename: `ComfyUI_${job}_${n}_.png`,
        subfolder: 'pictures/of today',
        type: 'output' as const,
      };
      return { nodeId: '9', kind: 'image' as const, file, text: null, at: start };
    });
    events.push({
      ...about(2_000 + job),
      type: 'prompt_described',
      promptId,
      title: 'A picture',
      nodeTotal: 30,
      nodeNames: {},
      parameters: { ...parameters },
    });
    const said = { nodeId: '8', kind: 'text' as const, file: null, text: 'ä lake '.repeat(1_400), at: start };
    events.push({
      ...about(2_000 + job),
      type: 'node_executed',
      promptId,
      nodeId: '9',
      outputs: [said, ...executed],
    });
    if (job >= limits.runningJobs)
      events.push({
        ...about(2_000 + job),
        type: 'prompt_finished',
        promptId,
        outcome: 'success',
        finishedAt: null,
        error: null,
      });
  }
  const lines = Array.from({ length: limits.logLines }, (_, n) => `${n} got prompt `.padEnd(500, '.'));
  events.push({ ...about(3_000), type: 'log_lines_received', lines });
  return events.reduce(reduce, watchedState());
}

function idOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

function sourceAt(n: number) {
  return { serverId: benchServer.id, at: start + n, hostTime: (time: number) => time };
}

function watchedState(): MonitorState {
  return reduce(emptyState, {
    type: 'server_added',
    serverId: benchServer.id,
    at: start,
    server: benchServer,
  });
}

function best(run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  });
  return Math.min(...times);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
