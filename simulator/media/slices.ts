import { setImmediate as untilNextTurn } from 'node:timers/promises';

/** Long work in small steps: every `yield` is a place where it may pause. */
export type Steps<T> = Generator<void, T, void>;

/** Does the work in one go; for work known to be short. */
export function runNow<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the work in slices and lets the event loop turn in between, because the simulator may live in the main
 * process of a desktop app.
 * @param budget longest slice, in ms
 */
export async function runInSlices<T>(steps: Steps<T>, budget = 6): Promise<T> {
  for (;;) {
    const deadline = performance.now() + budget;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < deadline);
    await untilNextTurn();
  }
}
