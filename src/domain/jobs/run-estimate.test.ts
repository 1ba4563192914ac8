import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, MonitorEvent } from '../monitor-event.ts';
import { limits, type ServerState } from '../monitor-state.ts';
import { ended, event, queued, serverAfter } from '../testing/builders.ts';
import type { Job } from './job.ts';
import {
  basisText,
  estimateRun,
  leftText,
  queueLeft,
  queueLeftText,
  type RunLeft,
  runLeft,
} from './run-estimate.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const start = 1_700_000_000_000;

/** Runs that took so long (ms), the last one ended last. */
function earlier(durations: readonly number[], entry: Partial<HistoryEntry> = {}): MonitorEvent {
  const entries = durations.map((took, index) =>
    ended(`${entry.title ?? 'Portrait'}-${entry.cachedNodeIds?.length ?? 'x'}-${entry.outcome}-${index}`, {
      title: 'Portrait',
      nodeTotal: 7,
      startedAt: start - 100 * hour + index * hour,
      finishedAt: start - 100 * hour + index * hour + took,
      ...entry,
    }),
  );
  return event(start - minute, 'history_read', { entries });
}

/** A prompt of seven nodes that runs since `start`; what it takes from the cache is told only if given. */
function running(cachedNodeIds: string[] | null = null): MonitorEvent[] {
  const entry = queued('p', { title: 'Portrait', nodeTotal: 7, startedAt: start });
  return [
    event(start, 'queue_read', { running: [entry], pending: [] }),
    ...(cachedNodeIds === null
      ? []
      : [event(start, 'nodes_cached', { promptId: 'p', nodeIds: cachedNodeIds })]),
  ];
}

function leftAfter(now: number, ...events: MonitorEvent[]): RunLeft | null {
  const server = serverAfter(...events);
  return runLeft(server, jobOf(server), now);
}

function jobOf({ running: [job] }: ServerState): Job {
  if (!job) throw new Error('nothing runs');
  return job;
}

describe('the time a running prompt still takes', () => {
  it('is what its kind usually takes, less what has passed', () => {
    const left = leftAfter(start + 6 * second, earlier([13_000, 14_000, 19_000]), ...running());
    expect(left).toEqual({
      left: 8 * second,
      estimate: { usual: 14 * second, shortest: 13 * second, longest: 19 * second, runs: 3 },
    });
  });

  it('lies between the two in the middle of an even number of runs', () => {
    expect(leftAfter(start, earlier([12_000, 16_000]), ...running())?.left).toBe(14 * second);
  });

  it('comes from the last five runs', () => {
    const durations = [19_000, 19_000, 14_000, 14_000, 14_000, 14_000, 14_000];
    expect(leftAfter(start, earlier(durations), ...running())?.estimate).toMatchObject({ longest: 14_000 });
  });

  it('comes from runs since the prompt was changed, as its time tells', () => {
    const quickBefore = earlier([1_000, 1_000, 1_000, 4_000, 4_200]);
    expect(leftAfter(start, quickBefore, ...running())?.estimate).toEqual({
      usual: 4_100,
      shortest: 4_000,
      longest: 4_200,
      runs: 2,
    });
    const slowBefore = earlier([90_000, 14_000]);
    expect(leftAfter(start, slowBefore, ...running())?.estimate).toMatchObject({ usual: 14_000, runs: 1 });
    const once = earlier([14_000, 14_000, 14_000, 14_000, 60_000]);
    expect(leftAfter(start, once, ...running())?.estimate).toMatchObject({ usual: 14_000, runs: 5 });
  });

  it.each([
    ['another title', { title: 'Landscape' }],
    ['another number of nodes', { nodeTotal: 8 }],
    ['an unknown number of nodes', { nodeTotal: null }],
    ['a failure', { outcome: 'error' }],
    ['an interruption', { outcome: 'interrupted' }],
    ['an unknown start', { startedAt: null }],
  ] as const)('is not known from a run with %s', (_, entry) => {
    expect(leftAfter(start, earlier([14_000], entry), ...running())).toBeNull();
  });

  it('is not known of a prompt without a title, or that nobody saw start', () => {
    const untitled = event(start, 'prompt_started', { promptId: 'p', startedAt: start });
    const history = earlier([14_000], { title: null, nodeTotal: null });
    expect(leftAfter(start, history, untitled)).toBeNull();
    const unseen = queued('p', { title: 'Portrait', nodeTotal: 7 });
    const queue = event(start, 'queue_read', { running: [unseen], pending: [] });
    expect(leftAfter(start, earlier([14_000]), queue)).toBeNull();
  });

  it('is not counted below nothing: the prompt then runs longer than usual', () => {
    const events = [earlier([14_000]), ...running()];
    expect(leftAfter(start + 13_900, ...events)?.left).toBe(100);
    // Shown in whole seconds, both are 14 s.
    expect(leftAfter(start + 14_400, ...events)?.left).toBe(0);
    expect(leftAfter(start + 15_000, ...events)?.left).toBeNull();
    expect(leftAfter(start + 99 * minute, ...events)?.left).toBeNull();
  });

  it('is no less than its current node takes by its own steps', () => {
    const steps = [1, 2, 3].map((step) =>
      event(start + step * second, 'step_reached', { promptId: 'p', nodeId: '3', step, max: 33 }),
    );
    const events = [earlier([14_000]), ...running(), ...steps];
    expect(leftAfter(start + 3 * second, ...events)?.left).toBe(30 * second);
    expect(leftAfter(start + 3 * second, earlier([60_000]), ...events.slice(1))?.left).toBe(57 * second);
    expect(leftAfter(start + 15 * second, ...events)?.left).toBeNull();
  });

  describe('with results from the cache', () => {
    const first = earlier([40_000], { cachedNodeIds: [] });
    const again = earlier([100, 100, 100], { cachedNodeIds: ['1', '2', '3', '4', '5', '6', '7'] });
    const seeds = earlier([14_000, 14_000], { cachedNodeIds: ['1', '2', '3', '4'] });

    it('comes from runs that left out the same nodes', () => {
      const usual = (cached: string[]) =>
        leftAfter(start, first, again, seeds, ...running(cached))?.estimate.usual;
      expect(usual(['4', '3', '2', '1'])).toBe(14_000);
      expect(usual([])).toBe(40_000);
      expect(usual(['1', '2', '3', '4', '5', '6', '7'])).toBe(100);
      expect(usual(['1', '2', '3', '5'])).toBeUndefined();
    });

    it('needs most of the last runs to agree where nobody tells what is reused', () => {
      expect(leftAfter(start, first, ...running())?.left).toBe(40_000);
      expect(leftAfter(start, first, seeds, ...running())?.left).toBe(14_000);
      const mixed = earlier([100, 100], { cachedNodeIds: ['1', '2', '3', '4', '5', '6', '7'] });
      expect(leftAfter(start, mixed, seeds, ...running())).toBeNull();
    });
  });
});

describe('the time left, for any earlier runs', () => {
  const duration = fc.integer({ min: 0, max: 24 * hour });
  const durations = fc.array(duration, { maxLength: 12 });
  const cached = fc.option(fc.subarray(['1', '2', '3', '4', '5', '6', '7']), { nil: null });
  const outcome = fc.constantFrom('success', 'error', 'interrupted', 'cancelled');
  const runs = fc.array(fc.record({ took: duration, cached, outcome }), { maxLength: 12 }).map((list) =>
    event(start - minute, 'history_read', {
      entries: list.map(({ took, cached: cachedNodeIds, outcome: how }, index) =>
        ended(`run-${index}`, {
          outcome: how,
          title: 'Portrait',
          nodeTotal: 7,
          startedAt: start + index - took,
          finishedAt: start + index,
          cachedNodeIds,
        }),
      ),
    }),
  );

  it('is never below nothing, and never said to be so', () => {
    fc.assert(
      fc.property(runs, cached, duration, (history, ids, elapsed) => {
        const left = leftAfter(start + elapsed, history, ...running(ids));
        expect(left?.left ?? 0).toBeGreaterThanOrEqual(0);
        if (left) expect(leftText(left)).toMatch(/^(about [1-9].* left|longer than usual \(.+\))$/);
      }),
    );
  });

  it('is never known without a run of the same kind that ended well', () => {
    fc.assert(
      fc.property(runs, cached, (history, ids) => {
        const server = serverAfter(history, ...running(ids));
        const estimate = estimateRun(server, jobOf(server));
        const successes = server.finished.filter(({ state }) => state === 'success').length;
        expect(estimate?.runs ?? 0).toBeLessThanOrEqual(Math.min(5, successes));
        if (successes === 0) expect(estimate).toBeNull();
        if (estimate) {
          expect(estimate.usual).toBeGreaterThanOrEqual(estimate.shortest);
          expect(estimate.usual).toBeLessThanOrEqual(estimate.longest);
        }
      }),
    );
  });

  it('does not depend on prompts of other titles', () => {
    fc.assert(
      fc.property(runs, durations, cached, (history, others, ids) => {
        const other = earlier(others, { title: 'Landscape' });
        const mixed = leftAfter(start + second, history, other, ...running(ids));
        expect(mixed).toEqual(leftAfter(start + second, history, ...running(ids)));
      }),
    );
  });

  it('only ever falls as time goes by, and does not come back', () => {
    const stepTimes = fc.array(fc.integer({ min: 0, max: minute }), { maxLength: 4 });
    fc.assert(
      fc.property(runs, cached, stepTimes, duration, duration, (history, ids, times, one, other) => {
        const steps = times
          .sort((a, b) => a - b)
          .map((at, step) =>
            event(start + at, 'step_reached', { promptId: 'p', nodeId: '3', step, max: 20 }),
          );
        const [early, late] = [Math.min(one, other), Math.max(one, other)].map((elapsed) =>
          leftAfter(start + elapsed, history, ...running(ids), ...steps),
        );
        expect(late === null).toBe(early === null);
        const never = -1;
        expect(late?.left ?? never).toBeLessThanOrEqual(early?.left ?? never);
      }),
    );
  });
});

describe('the time left, in words', () => {
  const estimate = { usual: 14_000, shortest: 14_000, longest: 14_300, runs: 3 };

  it.each([
    [7_900, 'about 8 s left'],
    [0, 'about 1 s left'],
    [59_500, 'about 1 min left'],
    [81_000, 'about 1 min 30 s left'],
    [8 * minute - 1, 'about 8 min left'],
    [75 * minute, 'about 1 h 15 min left'],
    [null, 'longer than usual (14 s)'],
  ])('of %s ms is “%s”', (left, text) => {
    expect(leftText({ left, estimate })).toBe(text);
  });

  it('says what it comes from', () => {
    expect(basisText(estimate)).toBe('the last 3 took 14 s');
    expect(basisText({ ...estimate, runs: 1 })).toBe('the last one took 14 s');
    expect(basisText({ ...estimate, shortest: 9_000, longest: 65_000 })).toBe(
      'the last 3 took 9 s to 1 min 05 s',
    );
  });
});

describe('the time that the queue still takes', () => {
  function waiting(...titles: (string | null)[]): MonitorEvent {
    const p = queued('p', { title: 'Portrait', nodeTotal: 7, startedAt: start });
    const pending = titles.map((title, index) =>
      queued(`w${index}`, { title, nodeTotal: 7, queueNumber: index }),
    );
    return event(start, 'queue_read', { running: [p], pending });
  }
  const portraits = earlier([14_000]);
  const landscapes = earlier([5 * minute], { title: 'Landscape' });

  function textAfter(now: number, ...events: MonitorEvent[]): string | null {
    const left = queueLeft(serverAfter(...events), now);
    return left && queueLeftText(left);
  }

  it('is what is left of the running prompt, and what the others usually take', () => {
    const server = serverAfter(portraits, landscapes, waiting('Portrait', 'Landscape', 'Portrait'));
    expect(queueLeft(server, start + 4_000)).toEqual({
      known: 5 * minute + 38_000,
      isAll: true,
    });
    expect(textAfter(start, portraits, landscapes, waiting('Landscape', 'Landscape'))).toBe('about 11 min');
  });

  it('is at least what is known, where a kind has not run before or the running one is late', () => {
    expect(textAfter(start, portraits, waiting('Portrait', 'Never seen'))).toBe('over 28 s');
    expect(textAfter(start, portraits, waiting('Portrait', null))).toBe('over 28 s');
    expect(textAfter(start + minute, portraits, waiting('Portrait'))).toBe('over 14 s');
    expect(textAfter(start, landscapes, waiting('Landscape'))).toBe('over 5 min');
    const titles = Array.from({ length: 12 }, () => 'Portrait');
    expect(textAfter(start, portraits, waiting(...titles, null))).toBe('over 3 min');
    expect(textAfter(start, portraits, waiting(...titles))).toBe('about 4 min');
  });

  it('is not known where nothing waits, nothing is known of what waits, or that is next to nothing', () => {
    expect(textAfter(start, portraits, waiting())).toBeNull();
    expect(textAfter(start, portraits, waiting('Never seen'))).toBeNull();
    expect(textAfter(start, earlier([100]), waiting('Portrait', 'Never seen'))).toBeNull();
  });

  it('is known between two prompts', () => {
    const [w] = serverAfter(waiting('Portrait')).pending;
    if (!w) throw new Error('nothing waits');
    const queue = event(start, 'queue_read', { running: [], pending: [queued('w', w)] });
    expect(textAfter(start, portraits, queue)).toBe('about 14 s');
  });

  it('is not all where the list is as long as it can be', () => {
    const titles = Array.from({ length: limits.pendingJobs + 5 }, () => 'Portrait');
    expect(textAfter(start, portraits, waiting(...titles))).toMatch(/^over 3 h 5/);
  });
});
