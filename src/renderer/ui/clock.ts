import { useSyncExternalStore } from 'react';
import { isSeen, onSeenChange } from './seen.ts';

const tick = 1_000;
/** A tick that is due within the rest of this share of it is brought forward to what is drawn anyway. */
const earlyTick = 0.6 * tick;

/** The time as the page shows it: one interval for everybody, running only while the page is looked at. */
export interface Clock {
  /** ms since the epoch, the same value until the next tick. */
  now(): number;
  subscribe(listener: () => void): () => void;
  /** Something else is about to be drawn: a tick that is nearly due comes now, so that both are drawn together. */
  drawing(): void;
}

export function createClock(): Clock {
  const listeners = new Set<() => void>();
  let current = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  let endSeen = (): void => {};

  function update(): void {
    current = Date.now();
    for (const listener of [...listeners]) listener();
  }

  function adapt(): void {
    const wanted = listeners.size > 0 && isSeen();
    if (wanted && timer === undefined) {
      timer = setInterval(update, tick);
      update();
    } else if (!wanted && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  }

  return {
    now() {
      if (timer === undefined && Date.now() - current >= tick) current = Date.now();
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
      if (timer === undefined || Date.now() - current < earlyTick) return;
      clearInterval(timer);
      timer = setInterval(update, tick);
      update();
    },
  };
}

const clock = createClock();

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
