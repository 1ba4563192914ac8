/** How much faster time goes than it does. */
const factor = 25;

const real = {
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  now: performance.now.bind(performance),
  timeout: AbortSignal.timeout.bind(AbortSignal),
};

/**
 * Lets time go faster for everything in this process that asks JavaScript for it: a run of a minute takes seconds.
 * Node's own timeouts, of connections say, keep theirs.
 */
export function makeTimeFast(): void {
  const startedAt = real.now();
  const epoch = Date.now();
  const elapsed = (): number => startedAt + (real.now() - startedAt) * factor;
  Object.defineProperty(performance, 'now', { value: elapsed, configurable: true });
  Date.now = () => Math.round(epoch + elapsed() - startedAt);
  Object.assign(globalThis, {
    setTimeout: Object.assign(
      (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
        real.setTimeout(run, ms / factor, ...args),
      real.setTimeout,
    ),
    setInterval: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      real.setInterval(run, ms / factor, ...args),
  });
  AbortSignal.timeout = (ms) => real.timeout(Math.ceil(ms / factor));
}

/** Waits, ms of the fast time. */
export function pass(ms: number): Promise<void> {
  return new Promise((done) => real.setTimeout(done, ms / factor));
}
