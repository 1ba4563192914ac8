import { asOneMessage } from '../log/log-line.ts';

/**
 * Lets the monitor go on when its terminal is closed, or the program that reads what it says ends: from then on each
 * line would be an uncaught error (EPIPE of a pipe, EIO of a terminal; seen with Node 24 and Electron 22). To be
 * called before anything is said.
 */
export function outliveTerminal(): void {
  for (const name of ['stdout', 'stderr'] as const)
    quietly(() => {
      process[name].off('error', ignore).on('error', ignore);
    });
}

function ignore(): void {}

/** Prints a line of the log. Never throws. */
export function logToTerminal(line: string): void {
  quietly(() => console.error(asOneMessage(line)));
}

/** Some programs of Windows have no such streams at all. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // Nowhere is left to tell.
  }
}
