import { useSyncExternalStore } from 'react';
import { isSeen, onSeenChange } from './seen.ts';

const tick = 1_000;
/** A tick that is due within the rest of this share of it is brought forward to what is drawn anyway. */
const earlyTick = 0.75 * tick;
/** While something is drawn at least so often (ms), a tick that is due waits a little for it, at most so long (ms). */
const often = 700;
const patience = 100;

/** The clock of the host at 0 of `performance.now()`, as far as the page knows; before it is, the wall clock. */
let origin = Date.now() - performance.now();

/** The time by which events and state are timed, ms since the epoch: that of the host's clock, which is never set. */
export function hostNow(): number {
  return Math.round(origin + performance.now());
}

/** By how much (ms) the clock on the wall is ahead of the host's, and what does not count as its being set. */
let ahead = 0;
const jitter = 100;

/** What the clock on the wall says, or said, at a time of the host's, as it is set now; ms since the epoch. */
export function wallTimeOf(at: number): number {
  const isAhead = Date.now() - hostNow();
  // The two are never read at the same moment: without this every time on the page would move a little, and be drawn again.
  if (Math.abs(isAhead - ahead) > jitter) ahead = isAhead;
  return at + ahead;
}

/** The time as the page shows it: one interval for everybody, running only while the page is looked at. */
export interface Clock {
  /** ms since the epoch, the same value until the next tick. */
  now(): number;
  subscribe(listener: () => void): () => void;
  /** Something else is about to be drawn: a tick that is nearly due comes now, so that both are drawn together. */
  drawing(): void;
  /** What it was is not true any more. */
  corrected(): void;
}

export function createClock(): Clock {
  const listeners = new Set<() => void>();
  let current = hostNow();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let endSeen = (): void => {};

  function update(): void {
    current = hostNow();
    for (const listener of [...listeners]) listener();
  }

  function tickNow(): void {
    clearTimeout(timer);
    timer = setTimeout(due, tick);
    update();
  }

  function due(): void {
    if (hostNow() - drawnAt < often) timer = setTimeout(tickNow, patience);
    else tickNow();
  }

  function adapt(): void {
    const wanted = listeners.size > 0 && isSeen();
    if (wanted && timer === undefined) tickNow();
    else if (!wanted && timer !== undefined) {
      clearTimeout(timer);
      timer = undefined;
    }
  }

  return {
    now() {
      if (timer === undefined && Math.abs(hostNow() - current) >= tick) current = hostNow();
      return current;
    },
    subscribe(listener) {
      if (listeners.size === 0) endSeen = onSeenChange(adapt);
      listeners.add(listener);
      adapt();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) endSeen();
        adapt();
      };
    },
    drawing() {
      drawnAt = hostNow();
      if (timer !== undefined && drawnAt - current >= earlyTick) tickNow();
    },
    corrected: update,
  };
}

const clock = createClock();

/** The host's clock says this now or, not `exact`, said it a moment ago: it is not behind that. */
export function hearHostTime(at: number, exact: boolean): void {
  const heard = at - performance.now();
  // Both stand still while the computer sleeps; the host finds out, and shows it by its next event.
  const reported = exact ? heard : Math.max(origin, heard);
  const isFar = Math.abs(reported - origin) >= tick;
  origin = reported;
  if (isFar) clock.corrected();
}

/** See `Clock.drawing`. */
export const drawing = clock.drawing;

/** The current time, ms; renders again when a new `step` (ms) begins. */
export function useNow(step = tick): number {
  return useSyncExternalStore(clock.subscribe, () =>
    step <= tick ? clock.now() : Math.floor(clock.now() / step) * step,
  );
}

/** Reads something that changes often, but renders at most once per tick. `read` must be stable. */
export function useOncePerTick<T>(read: () => T): T {
  return useSyncExternalStore(clock.subscribe, read);
}
