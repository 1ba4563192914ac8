import { describe, expect, it } from 'vitest';
import { defaultLiveness, type Liveness, livenessVerdict, newLiveness, nextVerdictIn } from './liveness.ts';

/** Looks when there may be something to see, as the socket does, at a connection that answers pings until `cutAt`. */
function diesAt(cutAt: number, doubtAt: number | null = null): number {
  const alive: Liveness = newLiveness(0);
  let lookAt = nextVerdictIn(alive, 0);
  for (let now = 0; now < 60_000; now += 500) {
    if (now === doubtAt) alive.doubtedAt = now;
    if (now < lookAt && now !== doubtAt) continue;
    const verdict = livenessVerdict(alive, now);
    if (verdict === 'dead') return now;
    if (verdict === 'ping' || now === doubtAt) {
      alive.pingedAt = now;
      if (now < cutAt) alive.heardAt = now + 1;
    }
    lookAt = now + nextVerdictIn(alive, now);
  }
  return Number.POSITIVE_INFINITY;
}

describe('a connection', () => {
  it('that answers every ping lives for ever', () => {
    expect(diesAt(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });

  it('that is cut without a word is noticed within 10 s, whenever that happens', () => {
    for (let cutAt = 0; cutAt < 20_000; cutAt += 500)
      expect(diesAt(cutAt) - cutAt).toBeLessThanOrEqual(10_000);
  });

  it('that speaks by itself is not asked for a sign of life', () => {
    const alive = newLiveness(0);
    alive.heardAt = 3_000;
    expect(livenessVerdict(alive, 6_999)).toBe('fine');
    expect(nextVerdictIn(alive, 4_000)).toBe(3_000);
    expect(livenessVerdict(alive, 7_000)).toBe('ping');
  });

  it('may leave a ping unanswered while the server is busy', () => {
    const alive = newLiveness(0);
    expect(livenessVerdict(alive, 3_999)).toBe('fine');
    expect(livenessVerdict(alive, 4_000)).toBe('ping');
    expect(livenessVerdict({ ...alive, pingedAt: 4_000 }, 7_999)).toBe('fine');
    expect(livenessVerdict({ ...alive, pingedAt: 4_000 }, 8_000)).toBe('ping');
  });

  it('in doubt has three seconds to answer', () => {
    expect(diesAt(10_000, 10_000) - 10_000).toBe(defaultLiveness.silentAfterDoubt);
  });

  it('that answered after the doubt arose is beyond it', () => {
    expect(diesAt(Number.POSITIVE_INFINITY, 10_000)).toBe(Number.POSITIVE_INFINITY);
  });
});
