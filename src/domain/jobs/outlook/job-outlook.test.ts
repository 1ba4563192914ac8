import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MonitorEvent } from '../../monitor-event.ts';
import type { ServerState } from '../../monitor-state.ts';
import { reduce } from '../../reduce.ts';
import { ended, event, parametersWith, queued, serverAfter } from '../../testing/builders.ts';
import type { Job } from '../job.ts';
import { type JobOutlook, jobOutlook, jobTimeline } from './job-outlook.ts';
import { queueOutlook } from './queue-outlook.ts';

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

describe('what is said while it takes its time', () => {
  it('goes on by the clock while a node without steps runs, and says when that takes longer than usual', () => {
    const slow = { ...warm, '4': 60_000 };
    const at = (after: number) => outlookAfter(after, slow);
    expect(at(8_900).fraction).toBeGreaterThan(at(8_400).fraction ?? 1);
    expect(at(8_900).isOverdue).toBe(false);
    expect(at(12_000)).toMatchObject({ isOverdue: true, leftMs: null, doneAt: null });
    expect(at(40_000).fraction).toBeLessThan(1);
  });

  it('is corrected by the pace of this run', () => {
    // Half as fast as before, as its steps tell.
    const half = { '3': 16_000, '4': 2_000, '5': 2_000 };
    expect(outlookAfter(9_600, half).leftMs).toBeGreaterThan(8_000);
    expect(outlookAfter(9_600, half).leftMs).toBeLessThan(11_500);
  });

  it('is computing, saving or loading by the node that runs, and stuck after far too long without a word', () => {
    const kind = (after: number, took: Record<string, number>) => outlookAfter(after, took).activity?.kind;
    expect(kind(1_000, cold)).toBe('loading');
    expect(kind(5_000, warm)).toBe('computing');
    expect(kind(9_500, warm)).toBe('saving');
    const silent = { ...warm, '4': 600_000 };
    expect(kind(60_000, silent)).toBe('computing');
    expect(kind(80_000, silent)).toBe('stuck');
  });

  it('claims nothing of what it does while there is no connection', () => {
    const [server, job] = during(5_000, warm);
    const connection = { phase: 'connecting', attempt: 2, since: 0 } as const;
    expect(jobOutlook({ ...server, connection }, job, 105_000).activity).toBeNull();
  });

  it('never goes back and is never full, whatever comes and whenever somebody looks', () => {
    const moment = fc.tuple(
      fc.integer({ min: 1, max: 9_000 }),
      fc.constantFrom('1', '2', '3', '4', '5'),
      fc.integer({ min: 0, max: 12 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 30 }), (moments) => {
        let state = { servers: [serverAfter(...earlier, ...run('p', 100_000, cold).slice(0, 3))] };
        let now = 100_000;
        let reached = 0;
        const look = (): void => {
          const [server] = state.servers;
          const [job] = server?.running ?? [];
          if (!server || !job) throw new Error('the job is gone');
          const { fraction } = jobOutlook(server, job, now);
          expect(fraction ?? reached).toBeGreaterThanOrEqual(reached);
          expect(fraction ?? 0).toBeLessThan(1);
          reached = fraction ?? reached;
        };
        for (const [passes, nodeId, step, isStep] of moments) {
          for (let part = 0; part < 3; part += 1) {
            now += passes / 3;
            look();
          }
          const about = { promptId: 'p', nodeId };
          const happening = isStep
            ? event(now, 'step_reached', { ...about, step, max: 10 })
            : event(now, 'node_started', { ...about, displayNodeId: nodeId });
          state = reduce(state, happening);
          look();
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('what earlier runs teach', () => {
  it('counts less the older it is, and one that was far off changes little', () => {
    const odd = run('odd', 80_000, { '3': 80_000, '4': 1_000, '5': 1_000 });
    const after = [...run('d', 70_000, warm), ...odd];
    const server = serverAfter(...earlier, ...after, ...run('p', 300_000, warm).slice(0, 3));
    const [job] = server.running;
    expect(job && jobOutlook(server, job, 300_000).leftMs).toBeCloseTo(10 * second, -2);
  });

  it('serves other prompts with such nodes, too', () => {
    const other = { ...nodeNames, '6': { title: null, classType: 'SaveImage' } };
    const server = serverAfter(
      ...earlier,
      event(100_000, 'prompt_started', { promptId: 'o', startedAt: 100_000 }),
      event(100_000, 'prompt_described', { promptId: 'o', title: 'Other', nodeTotal: 6, nodeNames: other }),
      event(100_000, 'nodes_cached', { promptId: 'o', nodeIds: ['1', '2'] }),
    );
    const [job] = server.running;
    const outlook = job && jobOutlook(server, job, 100_000);
    expect(outlook?.leftMs).toBeCloseTo(11 * second, -2);
    expect(outlook?.basis?.of).toBe('class');
  });

  it('counts first where as much was to be done, as when a picture is made larger behind the sampler', () => {
    const sized = (promptId: string, at: number, amounts: number, took: number) => {
      const [started, ...rest] = run(promptId, at, { ...warm, '4': took });
      const parameters = parametersWith({ amounts });
      const described = event(at, 'prompt_described', {
        promptId,
        title: 'Portrait',
        nodeTotal: 5,
        nodeNames,
        parameters,
      });
      return [started, described, ...rest.slice(1)].filter((one) => one !== undefined);
    };
    const before = [
      ...sized('a', 0, 1, 2_000),
      ...sized('b', 30_000, 2, 60_000),
      ...sized('c', 120_000, 1, 2_000),
    ];
    const left = (amounts: number) => {
      const server = serverAfter(...before, ...sized('p', 300_000, amounts, 1).slice(0, 3));
      const [job] = server.running;
      return job && jobOutlook(server, job, 300_000).leftMs;
    };
    expect(left(1)).toBeCloseTo(11 * second, -2);
    expect(left(2)).toBeCloseTo(69 * second, -2);
  });

  it('is learnt once from a run that the history tells again', () => {
    const again = ended('c', { title: 'Portrait', nodeTotal: 5, startedAt: 60_000, finishedAt: 70_000 });
    const before = serverAfter(...earlier);
    const after = serverAfter(...earlier, event(80_000, 'history_read', { entries: [again] }));
    expect(after.learnt).toEqual(before.learnt);
  });

  it('tells the time of nodes that run side by side, which is not their sum', () => {
    const together = (promptId: string, at: number): MonitorEvent[] => {
      const about = { promptId };
      const state = (nodeId: string) => ({ nodeId, displayNodeId: nodeId, step: 0, max: 1 });
      const said = (after: number, running: string[], finishedNodeIds: string[]) =>
        event(at + after, 'node_states_reported', { ...about, running: running.map(state), finishedNodeIds });
      return [
        event(at, 'prompt_started', { ...about, startedAt: at }),
        event(at, 'prompt_described', {
          ...about,
          title: 'Services',
          nodeTotal: 2,
          nodeNames: { a: { title: null, classType: 'AskA' }, b: { title: null, classType: 'AskB' } },
        }),
        event(at, 'nodes_cached', { ...about, nodeIds: [] }),
        said(0, ['a', 'b'], []),
        said(4_000, ['b'], ['a']),
        event(at + 10_000, 'prompt_finished', {
          ...about,
          outcome: 'success',
          finishedAt: at + 10_000,
          error: null,
        }),
      ];
    };
    const server = serverAfter(
      ...together('a', 0),
      ...together('b', 20_000),
      ...together('p', 40_000).slice(0, 4),
    );
    const [job] = server.running;
    expect(job && jobOutlook(server, job, 42_000).leftMs).toBeCloseTo(8 * second, -2);
  });
});

describe('the outlook of the queue', () => {
  const waiting = (...titles: string[]) =>
    event(100_000, 'queue_read', {
      running: [],
      pending: titles.map((title, index) => queued(`w${index}`, { title, nodeTotal: 5 })),
    });

  it('is known if all that waits has run before', () => {
    const outlook = queueOutlook(serverAfter(...earlier, waiting('Portrait', 'Portrait')), 100_000);
    expect(outlook).toEqual({ leftMs: 20_000, emptyAt: 120_000, isAll: true });
  });

  it('says no end while one of them is not known, and nothing if none is', () => {
    expect(queueOutlook(serverAfter(...earlier, waiting('Portrait', 'New')), 100_000)).toEqual({
      leftMs: 10_000,
      emptyAt: null,
      isAll: false,
    });
    expect(queueOutlook(serverAfter(...earlier, waiting('New')), 100_000)).toBeNull();
  });

  it('counts a running prompt of which only the queue tells by how long its kind takes', () => {
    const entry = queued('x', { title: 'Portrait', nodeTotal: 5, startedAt: 98_000 });
    const queue = event(98_000, 'queue_read', { running: [entry], pending: [] });
    const server = serverAfter(...earlier, queue);
    const [job] = server.running;
    expect(job && jobOutlook(server, job, 100_000)).toMatchObject({ fraction: 0.2, leftMs: 8_000 });
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
