import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MisunderstoodTally } from './misunderstood-tally.ts';

function tally() {
  const reported: { kind: string; count: number; sample: string }[] = [];
  const logged: string[] = [];
  return {
    reported,
    logged,
    tally: new MisunderstoodTally({
      report: (report) => reported.push(report),
      log: (line) => logged.push(line),
    }),
  };
}

describe('messages that could not be understood', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are reported at once, with their number and the first of them', () => {
    const { tally: counter, reported } = tally();
    counter.note({ kind: 'progress', sample: 'first' });
    expect(reported).toEqual([{ kind: 'progress', count: 1, sample: 'first' }]);
  });

  it('are logged once for each kind, in one line', () => {
    const { tally: counter, logged } = tally();
    for (let n = 0; n < 100; n += 1) counter.note({ kind: 'progress', sample: `line\nbreak ${n}` });
    counter.note({ kind: 'not JSON', sample: '<html>' });
    expect(logged).toEqual([
      'a message was not understood (progress): "line\\nbreak 0"',
      'a message was not understood (not JSON): "<html>"',
    ]);
  });

  it('are all counted, but reported at most once a second', () => {
    const { tally: counter, reported } = tally();
    for (let n = 0; n < 1_000; n += 1) {
      counter.note({ kind: 'progress', sample: 'x' });
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(1_000);
    expect(reported.length).toBeLessThanOrEqual(12);
    expect(reported.at(-1)?.count).toBe(1_000);
  });

  it('leave no timer behind when they end, nor when they are stopped', () => {
    const { tally: counter } = tally();
    counter.note({ kind: 'a', sample: '' });
    vi.advanceTimersByTime(2_000);
    expect(vi.getTimerCount()).toBe(0);
    counter.note({ kind: 'a', sample: '' });
    counter.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
