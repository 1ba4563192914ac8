import { uptime } from 'node:os';

/** What a host clock is made of, all in ms. */
export interface ClockSources {
  /** The clock on the wall, since the epoch: the user may set it. */
  wall: () => number;
  /** A clock that is never set; it may stand still while the computer sleeps. */
  elapsed: () => number;
  /** The same, but it goes on while the computer sleeps; its steps may be as coarse as a second. */
  uptime: () => number;
}

const nodeSources: ClockSources = {
  wall: () => Date.now(),
  elapsed: () => performance.now(),
  uptime: () => uptime() * 1_000,
};

/** The wall clock was set, or the computer slept, if the two clocks drift apart by this much, ms. */
const notable = 500;
/** A shorter sleep cannot be distinguished from the steps of `uptime`, ms. */
const shortestSleep = 2_500;

/**
 * A clock that begins as the one on the wall and is never set: ms since the epoch as this process counts them. Sleep
 * counts, too.
 */
export function createHostClock({ wall, elapsed, uptime }: ClockSources): () => number {
  /** What the clock says at 0 of `elapsed`. */
  let origin = wall() - elapsed();
  let wallOrigin = origin;
  let sleepless = uptime() - elapsed();
  let last = Number.NEGATIVE_INFINITY;

  return () => {
    const now = elapsed();
    const seen = wall() - now;
    if (Math.abs(seen - wallOrigin) > notable) {
      wallOrigin = seen;
      const slept = uptime() - now - sleepless;
      if (slept > shortestSleep) {
        sleepless += slept;
        origin += slept;
      }
    }
    last = Math.max(last, Math.round(origin + now));
    return last;
  };
}

/**
 * The time of all events and of what is compared with them, ms since the epoch by a clock that is never set. What is
 * shown as a time of day, and what is kept for the next start, is of the wall clock (`wallTimeOf`).
 */
export const hostNow: () => number = createHostClock(nodeSources);

/** What the clock on the wall says, or said, at a time of the host clock, as it is set now; ms since the epoch. */
export function wallTimeOf(hostTime: number): number {
  return hostTime - hostNow() + Date.now();
}
