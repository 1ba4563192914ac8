import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MonitorEvent } from '../monitor-event.ts';
import { emptyState, serverStateOf } from '../monitor-state.ts';
import { reduce } from '../reduce.ts';
import { event, testServer } from '../testing/builders.ts';
import type { Job } from './job.ts';
import { mainNode, nodeFraction, nodesDone } from './job-progress.ts';
import { stepsText } from './job-titles.ts';
import { hasNode } from './node-set.ts';
import { timeFraction } from './outlook/reached.ts';

const names = Object.fromEntries(['1', '2', '3', '4', '5'].map((id) => [id, { title: null, classType: id }]));
const begin: MonitorEvent[] = [
  event(0, 'server_added', { server: testServer }),
  event(2, 'prompt_started', { promptId: 'p', startedAt: 2 }),
  event(3, 'prompt_described', { promptId: 'p', title: null, nodeTotal: 5, nodeNames: names }),
];

function runningAfter(events: readonly MonitorEvent[]): Job | undefined {
  return serverStateOf(events.reduce(reduce, emptyState), 's')?.running[0];
}

const states = (at: number, finishedNodeIds: string[], running: [string, number, number][]): MonitorEvent =>
  event(at, 'node_states_reported', {
    promptId: 'p',
    finishedNodeIds,
    running: running.map(([nodeId, step, max]) => ({ nodeId, displayNodeId: nodeId, step, max })),
  });

const entered = (at: number, nodeId: string): MonitorEvent =>
  event(at, 'node_started', { promptId: 'p', nodeId, displayNodeId: nodeId });

const step = (at: number, nodeId: string | null, value: number, max: number): MonitorEvent =>
  event(at, 'step_reached', { promptId: 'p', nodeId, step: value, max });

describe('what is done', () => {
  it('is what the server calls finished, though two nodes take turns', () => {
    const job = runningAfter([
      ...begin,
      states(10, ['1'], [['2', 1, 20]]),
      states(
        11,
        ['1'],
        [
          ['2', 1, 20],
          ['3', 1, 20],
        ],
      ),
      entered(12, '2'),
      entered(13, '3'),
      entered(14, '2'),
    ]);
    expect(job && nodesDone(job)).toBe(1);
    expect(job?.runningNodes.map(({ nodeId }) => nodeId)).toEqual(['2', '3']);
  });

  it('stays what it is when the word that a node began comes late', () => {
    const job = runningAfter([
      ...begin,
      states(10, [], [['1', 0, 1]]),
      states(11, ['1'], []),
      states(12, ['1'], [['2', 0, 1]]),
      entered(13, '1'),
      entered(14, '2'),
    ]);
    expect(job && nodesDone(job)).toBe(1);
    expect(job && mainNode(job)?.nodeId).toBe('2');
  });
});

describe('steps out of their range', () => {
  it.each([
    [21, 20, '20 of 20', 1],
    [-3, 20, '0 of 20', 0],
    [3, 0, null, null],
    [12345, 12345, '12345 of 12345', 1],
  ])('%d of %d', (value, max, text, fraction) => {
    const job = runningAfter([...begin, entered(10, '1'), step(11, null, value, max)]);
    const node = job && mainNode(job);
    expect(node && stepsText(node)).toBe(text);
    expect(job && nodeFraction(job)).toBe(fraction);
  });

  it('of a server that names no node are steps of a node all the same', () => {
    const job = runningAfter([...begin, step(11, null, 4, 20)]);
    expect(job?.runningNodes).toMatchObject([{ nodeId: null, step: 4, max: 20 }]);
  });
});

const id = fc.constantFrom('1', '2', '3', '4', '5', '2.0.0.1', '2.0.0.2', '9:9');
const number = fc.oneof(fc.integer({ min: -2, max: 30 }), fc.double({ min: -1, max: 30, noNaN: true }));
const happening = fc.oneof(
  id.map((nodeId) => (at: number) => entered(at, nodeId)),
  fc.tuple(fc.option(id), number, number).map(
    ([nodeId, value, max]) =>
      (at: number) =>
        step(at, nodeId, value, max),
  ),
  fc.tuple(fc.uniqueArray(id), fc.array(fc.tuple(id, number, number), { maxLength: 4 })).map(
    ([finished, running]) =>
      (at: number) =>
        states(at, finished, running),
  ),
  fc.uniqueArray(id).map((nodeIds) => (at: number) => event(at, 'nodes_cached', { promptId: 'p', nodeIds })),
  id.map((nodeId) => (at: number) => event(at, 'node_executed', { promptId: 'p', nodeId, outputs: [] })),
  fc.constant(
    (at: number): MonitorEvent =>
      event(at, 'prompt_described', {
        promptId: 'p',
        title: null,
        nodeTotal: 5,
        nodesToRun: 3,
        nodeNames: names,
      }),
  ),
);

it('never goes back, is never full while it runs, and shows nothing out of its range, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      let state = begin.reduce(reduce, emptyState);
      let reached = 0;
      for (const [index, make] of happenings.entries()) {
        state = reduce(state, make(100 + index));
        const job = serverStateOf(state, 's')?.running[0];
        if (!job) throw new Error('the job is gone');
        const fraction = timeFraction(job, 100 + index) ?? 0;
        expect(fraction).toBeGreaterThanOrEqual(reached);
        expect(fraction).toBeLessThan(1);
        reached = fraction;
        expect(nodesDone(job) ?? 0).toBeLessThanOrEqual(5);
        for (const node of job.runningNodes) {
          if (node.nodeId !== null) expect(hasNode(job.doneNodes, node.nodeId)).toBe(false);
          if (node.step === null || node.max === null) continue;
          expect(node.step).toBeGreaterThanOrEqual(0);
          expect(node.step).toBeLessThanOrEqual(node.max);
        }
      }
    }),
    { numRuns: 300 },
  );
});

it('keeps of a job no more than it can bear, however long it goes on', () => {
  let state = begin.reduce(reduce, emptyState);
  const sizeAfter = (count: number): number => {
    for (let n = 0; n < count; n += 1) {
      const nodeId = `7.${n}.${'x'.repeat(n % 150)}`;
      state = reduce(state, entered(n, nodeId));
      state = reduce(state, step(n, nodeId, n, count));
      state = reduce(state, event(n, 'words_said', { promptId: 'p', nodeId, text: `word ${n}` }));
      if (n % 100 === 0)
        state = reduce(
          state,
          event(n, 'node_executed', {
            promptId: 'p',
            nodeId,
            outputs: [{ nodeId, kind: 'text', file: null, text: `${n}${'y'.repeat(9_000)}`, at: n }],
          }),
        );
    }
    return JSON.stringify(state).length;
  };
  sizeAfter(20_000);
  expect(sizeAfter(20_000)).toBeLessThan(4 * 2 ** 20);
});
