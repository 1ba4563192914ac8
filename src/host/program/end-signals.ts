import { constants } from 'node:os';
import { causeText } from '../../domain/text/cause-text.ts';

/** By these the system, a terminal or npm ask a process to end. Ctrl+Break is a thing of Windows. */
const endSignals: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
];

/**
 * All signals within this time are one request, ms: a terminal sends Ctrl+C to everybody in it, and npm hands it on as
 * well; a terminal that closes ends npm too. A later one is meant.
 */
const sameRequestWithin = 1_000;

/** Calls `listener` whenever this process is asked to end, once for each request; the returned function stops that. */
export function onEndSignal(listener: (signal: NodeJS.Signals) => void): () => void {
  let heardAt = Number.NEGATIVE_INFINITY;
  const hear = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (now - heardAt < sameRequestWithin) return;
    heardAt = now;
    listener(signal);
  };
  for (const signal of endSignals) process.on(signal, hear);
  return () => {
    for (const signal of endSignals) process.off(signal, hear);
  };
}

/**
 * What ends this process: the first call starts every step, a later one does nothing, and what is being written is
 * written to its end. `exit` is called when all steps are done, or after `patience` (ms): one may wait for ever.
 */
export function endOnce(options: {
  steps: readonly (() => unknown)[];
  patience: number;
  exit: () => void;
  log: (line: string) => void;
}): () => void {
  const { steps, patience, exit, log } = options;
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    const late = setTimeout(() => {
      log(`not everything stopped within ${patience} ms; the monitor ends without it`);
      exit();
    }, patience);
    const stopping = steps.map((step) => new Promise((done) => done(step())));
    void Promise.allSettled(stopping).then((results) => {
      clearTimeout(late);
      for (const result of results)
        if (result.status === 'rejected') log(`something could not be stopped: ${causeText(result.reason)}`);
      exit();
    });
  };
}

/** The exit code of a process that `signal` ended, as shells tell it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
