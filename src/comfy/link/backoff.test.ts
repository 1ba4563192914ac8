import { describe, expect, it } from 'vitest';
import { backoffDelay, connectDelays, failuresAfter } from './backoff.ts';

describe('the wait before the next attempt to connect', () => {
  it('doubles up to 15 s', () => {
    const longest = [1, 2, 3, 4, 5, 6, 1_000].map((failures) => backoffDelay(failures, 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it('is half chance, so that many monitors do not come back in step', () => {
    expect(backoffDelay(1, 0)).toBe(connectDelays.first);
    expect(backoffDelay(1, 0.5)).toBe(750);
    expect(backoffDelay(9, 0)).toBe(connectDelays.longest / 2);
  });

  it('starts over after a connection that held for 10 s, and only then', () => {
    expect(failuresAfter(7, 10_000)).toBe(1);
    expect(failuresAfter(7, 9_999)).toBe(8);
    expect(failuresAfter(0, null)).toBe(1);
  });
});
