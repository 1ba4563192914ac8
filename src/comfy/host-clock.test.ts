import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHostClock } from './host-clock.ts';

const begin = Date.UTC(2026, 0, 1);

/** A computer whose clocks can be made to go. */
function computer() {
  const clocks = { wall: begin, elapsed: 100, uptime: 5_000_000 };
  const now = createHostClock({
    wall: () => Math.floor(clocks.wall),
    elapsed: () => clocks.elapsed,
    uptime: () => Math.floor(clocks.uptime / 1_000) * 1_000,
  });
  return {
    now,
    pass(ms: number) {
      clocks.wall += ms;
      clocks.elapsed += ms;
      clocks.uptime += ms;
    },
    sleep(ms: number) {
      clocks.wall += ms;
      clocks.uptime += ms;
    },
    set(ms: number) {
      clocks.wall += ms;
    },
  };
}

const hour = 3_600_000;

describe('the clock of the host', () => {
  it('begins as the one on the wall', () => {
    const { now, pass } = computer();
    expect(now()).toBe(begin);
    pass(1_500);
    expect(now()).toBe(begin + 1_500);
  });

  it('does not follow a clock that is set back or forward', () => {
    const { now, pass, set } = computer();
    for (const by of [-hour, hour, hour, -3 * hour]) {
      set(by);
      pass(1_000);
      now();
    }
    expect(now()).toBe(begin + 4_000);
  });

  it('knows that the computer slept', () => {
    const { now, pass, sleep } = computer();
    pass(1_000);
    now();
    sleep(8 * hour);
    expect(Math.abs(now() - begin - 1_000 - 8 * hour)).toBeLessThan(1_001);
  });

  it('measures what passed, whatever is done to the clock on the wall', () => {
    const deed = fc.oneof(
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: hour }) }),
      fc.record({ do: fc.constant('sleep' as const), ms: fc.integer({ min: 10_000, max: 100 * hour }) }),
      fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -100 * hour, max: 100 * hour }) }),
    );
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
        const it = computer();
        let passed = 0;
        let sleeps = 0;
        let last = it.now();
        for (const { do: what, ms } of deeds) {
          it[what](ms);
          if (what !== 'set') passed += ms;
          if (what === 'sleep') sleeps += 1;
          const now = it.now();
          expect(now).toBeGreaterThanOrEqual(last);
          // `uptime` tells a sleep to the second.
          expect(Math.abs(now - begin - passed)).toBeLessThanOrEqual(1_000 * (sleeps + 1));
          last = now;
        }
      }),
    );
  });
});
