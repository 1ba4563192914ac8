import { describe, expect, it } from 'vitest';
import { event, serverAfter } from '../testing/builders.ts';
import { nodeEta, stepRate } from './step-rate.ts';

/** The job after its node reached steps at times (ms), of `max` steps. */
function jobAfter(marks: readonly (readonly [step: number, at: number])[], max = 20) {
  const job = serverAfter(
    event(0, 'prompt_started', { promptId: 'p', startedAt: 0 }),
    ...marks.map(([step, at]) => event(at, 'step_reached', { promptId: 'p', nodeId: '3', step, max })),
  ).running[0];
  const node = job?.runningNodes[0];
  if (!job || !node) throw new Error('no node runs');
  return { job, node };
}

describe('step rate', () => {
  it('is unknown before two steps were measured', () => {
    expect(stepRate(jobAfter([[1, 5_000]]).node)).toBeNull();
  });

  it('is measured between steps, so that loading before the first step does not count', () => {
    expect(
      stepRate(
        jobAfter([
          [1, 30_000],
          [2, 31_000],
          [3, 32_000],
        ]).node,
      ),
    ).toBe(1);
  });

  it('follows a change of pace', () => {
    const slow = Array.from({ length: 10 }, (_, n) => [n + 1, n * 4_000] as const);
    const fast = Array.from({ length: 10 }, (_, n) => [n + 11, 36_000 + (n + 1) * 1_000] as const);
    expect(stepRate(jobAfter([...slow, ...fast], 100).node)).toBe(1);
  });

  it('is measured over seconds when steps come many a second', () => {
    const marks = Array.from({ length: 100 }, (_, n) => [n + 1, n * 20] as const);
    const { node } = jobAfter(marks, 1_000);
    expect(stepRate(node)).toBeCloseTo(50, 0);
    expect((node.marks.at(-1)?.at ?? 0) - (node.marks[0]?.at ?? 0)).toBeGreaterThan(1_500);
  });

  it('is not disturbed by a step that is told twice', () => {
    expect(
      stepRate(
        jobAfter([
          [1, 0],
          [2, 1_000],
          [2, 1_900],
          [3, 2_000],
        ]).node,
      ),
    ).toBe(1);
  });

  it('starts over when the node starts over', () => {
    expect(
      stepRate(
        jobAfter([
          [19, 0],
          [20, 1_000],
          [1, 9_000],
        ]).node,
      ),
    ).toBeNull();
  });
});

describe('time left in the node', () => {
  it('is unknown before a rate has been measured', () => {
    expect(nodeEta(jobAfter([[1, 0]]).job, 500)).toBeNull();
  });

  it('counts down between steps and then waits for the step', () => {
    const { job } = jobAfter([
      [1, 0],
      [10, 9_000],
    ]);
    expect(nodeEta(job, 9_000)).toBe(10_000);
    expect(nodeEta(job, 9_400)).toBe(9_600);
    expect(nodeEta(job, 60_000)).toBe(9_000);
  });

  it('is zero after the last step', () => {
    expect(
      nodeEta(
        jobAfter([
          [19, 0],
          [20, 1_000],
        ]).job,
        1_500,
      ),
    ).toBe(0);
  });
});
