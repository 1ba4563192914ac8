import { describe, expect, it } from 'vitest';
import { ServerClock } from './server-clock.ts';

const hour = 3_600_000;

/** What a server whose clock is ahead by this much says in the `Date` of an answer that took 20 ms. */
function answer(clock: ServerClock, now: number, ahead: number): void {
  const date = Math.floor((now + 10 + ahead) / 1_000) * 1_000;
  clock.noteDate(date, now, now + 20);
}

describe("a server's clock", () => {
  it('is taken to agree with ours until something speaks against it', () => {
    const clock = new ServerClock();
    expect(clock.toHost(5_000)).toBe(5_000);
    for (let now = 0; now < 20_000; now += 370) answer(clock, now, 0);
    expect(clock.offset).toBe(0);
  });

  it.each([hour, -hour, 1_500])(
    'that is ahead by %i ms is known to the second at once, then better',
    (ahead) => {
      const clock = new ServerClock();
      answer(clock, 100_000, ahead);
      expect(Math.abs(clock.offset - ahead)).toBeLessThanOrEqual(1_000);
      for (let now = 100_000; now < 140_000; now += 370) answer(clock, now, ahead);
      expect(Math.abs(clock.offset - ahead)).toBeLessThanOrEqual(100);
      expect(Math.abs(clock.toHost(200_000 + ahead) - 200_000)).toBeLessThanOrEqual(100);
    },
  );

  it('that was set is followed', () => {
    const clock = new ServerClock();
    for (let now = 0; now < 20_000; now += 370) answer(clock, now, hour);
    answer(clock, 30_000, -hour);
    expect(Math.abs(clock.offset + hour)).toBeLessThanOrEqual(1_000);
  });

  it.each([hour, -hour])('that was set, by %i ms, is still right about what it stamped before', (by) => {
    const clock = new ServerClock();
    for (let now = 0; now < 2 * hour; now += 3_700) answer(clock, now, 5_000);
    for (let now = 2 * hour; now < 2 * hour + 60_000; now += 3_700) answer(clock, now, 5_000 + by);
    const wrongBy = (time: number, ahead: number) => Math.abs(clock.toHost(time + ahead) - time);
    expect(wrongBy(2 * hour - 30_000, 5_000)).toBeLessThan(1_000);
    expect(wrongBy(hour / 2, 5_000)).toBeLessThan(1_000);
    expect(wrongBy(-3 * hour, 5_000)).toBeLessThan(1_000);
    expect(wrongBy(2 * hour + 30_000, 5_000 + by)).toBeLessThan(1_000);
  });

  it('is made more precise by messages, but never set by them alone', () => {
    const clock = new ServerClock();
    clock.noteMessage(9 * hour, 0);
    expect(clock.offset).toBe(0);
    answer(clock, 0, hour + 900);
    clock.noteMessage(50_000 + hour + 900, 50_001);
    expect(Math.abs(clock.offset - hour - 900)).toBeLessThanOrEqual(200);
    clock.noteMessage(99 * hour, 50_002);
    expect(Math.abs(clock.offset - hour - 900)).toBeLessThanOrEqual(200);
  });
});
