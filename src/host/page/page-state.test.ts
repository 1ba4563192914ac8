import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Job, unknownJob } from '../../domain/jobs/job.ts';
import { type MonitorState, newServerState } from '../../domain/monitor-state.ts';
import type { ExecutedOutput } from '../../domain/outputs/executed-output.ts';
import { testServer } from '../../domain/testing/builders.ts';
import { jsonSize } from './json-size.ts';
import { pageState } from './page-state.ts';

function job(promptId: string, letters: number): Job {
  const output: ExecutedOutput = { nodeId: '1', kind: 'text', file: null, text: 'x'.repeat(letters), at: 0 };
  return {
    ...unknownJob('s', promptId, 0),
    state: 'success',
    title: `Title of ${promptId}`,
    outputs: [output],
  };
}

function stateOf(...finished: Job[][]): MonitorState {
  return {
    servers: finished.map((jobs, index) => ({
      ...newServerState({ ...testServer, id: `s${index}` }, 0),
      finished: jobs,
    })),
  };
}

describe('the length of JSON', () => {
  it('is known before it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const { length } = JSON.stringify(value);
        const size = jsonSize(value);
        expect(size).toBeGreaterThan(length / 7);
        expect(size).toBeLessThanOrEqual(length * 2 + 2);
      }),
    );
  });

  it('of a long text is exact, whatever has to be escaped in it', () => {
    const text = '\u0001"\\é'.repeat(1_000);
    expect(jsonSize(text)).toBe(JSON.stringify(text).length);
  });

  it('is counted no further than asked for', () => {
    const endless = Array.from({ length: 1_000_000 }, () => 1);
    expect(jsonSize(endless, 100)).toBeLessThan(110);
  });
});

describe('what a page gets of the state', () => {
  it('is all of it, and the very same, where that fits', () => {
    const state = stateOf([job('a', 100), job('b', 100)]);
    expect(pageState(state)).toEqual({ state, hasAll: true });
    expect(pageState(state).state).toBe(state);
  });

  it('has every job, the newest with what they made, where it does not', () => {
    const { state, hasAll } = pageState(stateOf([job('new', 5_000), job('old', 5_000)]), 8_000);
    const [newest, oldest] = state.servers[0]?.finished ?? [];
    expect(hasAll).toBe(false);
    expect(newest?.outputs).toHaveLength(1);
    expect(oldest).toMatchObject({ promptId: 'old', title: 'Title of old', outputs: [], outputsOmitted: 1 });
  });

  it('has a share for every server: one that tells too much takes nothing from the others', () => {
    const loud = Array.from({ length: 20 }, (_, index) => job(`p${index}`, 5_000));
    const { state } = pageState(stateOf(loud, [job('quiet', 5_000)]), 20_000);
    expect(state.servers[1]?.finished[0]?.outputs).toHaveLength(1);
    expect(jsonSize(state)).toBeLessThan(50_000);
  });
});
