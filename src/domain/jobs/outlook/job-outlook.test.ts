import { describe, expect, it } from 'vitest';
import type { MonitorEvent } from '../../monitor-event.ts';
import type { ServerState } from '../../monitor-state.ts';
import { event, serverAfter } from '../../testing/builders.ts';
import type { Job } from '../job.ts';
import { type JobOutlook, jobOutlook, jobTimeline } from './job-outlook.ts';

const second = 1_000;
const nodeNames = {
  '1': { title: null, classType: 'CheckpointLoaderSimple' },
  '2': { title: null, classType: 'CLIPTextEncode' },
  '3': { title: 'Sampler', classType: 'KSampler' },
  '4': { title: null, classType: 'VAEDecode' },
  '5': { title: null, classType: 'SaveImage' },
};

/** A run of a picture that begins at `at` (ms): each node with how long it takes (ms), the sampler in ten steps. */
function run(promptId: string, at: number, took: Record<string, number>): MonitorEvent[] {
  const about = { promptId };
  const cached = Object.keys(nodeNames).filter((id) => !Object.hasOwn(took, id));
  let now = at;
  const events: MonitorEvent[] = [
    event(at, 'prompt_started', { ...about, startedAt: at }),
    event(at, 'prompt_described', { ...about, title: 'Portrait', nodeTotal: 5, nodeNames }),
    event(at, 'nodes_cached', { ...about, nodeIds: cached }),
  ];
  for (const [nodeId, ms] of Object.entries(took)) {
    events.push(event(now, 'node_started', { ...about, nodeId, displayNodeId: nodeId }));
    if (nodeId === '3')
      for (let step = 1; step <= 10; step += 1)
        events.push(event(now + (ms * step) / 10, 'step_reached', { ...about, nodeId: '3', step, max: 10 }));
    now += ms;
  }
  return [
    ...events,
    event(now, 'prompt_finished', { ...about, outcome: 'success', finishedAt: now, error: null }),
  ];
}

const warm = { '3': 8_000, '4': 1_000, '5': 1_000 };
const cold = { '1': 10_000, '2': 1_000, ...warm };
const earlier = [...run('a', 0, cold), ...run('b', 30_000, warm), ...run('c', 60_000, warm)];

/** The server while the run goes on, `after` ms from its beginning. */
function during(
  after: number,
  took: Record<string, number>,
  before: MonitorEvent[] = earlier,
): [ServerState, Job] {
  const begin = 100_000;
  const happened = run('p', begin, took).filter(
    ({ type, at }) => at <= begin + after && type !== 'prompt_finished',
  );
  const server = serverAfter(...before, ...happened);
  const [job] = server.running;
  if (!job) throw new Error('nothing runs');
  return [server, job];
}

function outlookAfter(after: number, took: Record<string, number>, before?: MonitorEvent[]): JobOutlook {
  const [server, job] = during(after, took, before);
  return jobOutlook(server, job, 100_000 + after);
}

describe('the outlook of a running prompt', () => {
  it('weighs its nodes by what they took before', () => {
    const { fraction, leftMs, doneAt, headline } = outlookAfter(4 * second, warm);
    expect(fraction).toBeCloseTo(0.4, 1);
    expect(leftMs).toBeCloseTo(6 * second, -2);
    expect(doneAt).toBeCloseTo(110 * second, -2);
    expect(headline).toBe('time');
  });

  it('counts what is loaded anew, and not what is cached', () => {
    expect(outlookAfter(0, cold).leftMs).toBeCloseTo(21 * second, -2);
    expect(outlookAfter(0, warm).leftMs).toBeCloseTo(10 * second, -2);
  });

  it('has no percentage without any measurement, but the steps of its node', () => {
    expect(outlookAfter(18 * second, cold, [])).toMatchObject({
      fraction: null,
      leftMs: null,
      headline: 'steps',
    });
  });
});

describe('the timeline of a running prompt', () => {
  it('has each node where it is: cached, done, running, and waiting with its usual time', () => {
    const [server, job] = during(8_500, warm);
    const line = jobTimeline(server, job, 108_500);
    expect(line.map(({ nodeId, state }) => `${nodeId} ${state}`)).toEqual([
      '1 cached',
      '2 cached',
      '3 done',
      '4 running',
      '5 waiting',
    ]);
    expect(line[2]).toMatchObject({ startedAfterMs: 0, tookMs: 8_000, usualMs: 8_000 });
    expect(line[3]).toMatchObject({ title: 'VAEDecode', tookMs: 500, usualMs: 1_000, fraction: 0.5 });
    expect(line[4]).toMatchObject({ tookMs: null, usualMs: 1_000 });
  });
});
