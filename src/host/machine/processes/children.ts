import { type ChildProcess, execFile, execFileSync } from 'node:child_process';

const running = new Set<ChildProcess>();
let endsWithHost = false;

/**
 * Ends a child with this process at the latest. If this process is killed, its end of the pipes closes: what writes
 * to one then ends by itself.
 */
export function endWithHost(child: ChildProcess): void {
  if (!endsWithHost) process.once('exit', () => running.forEach(kill));
  endsWithHost = true;
  running.add(child);
  const forget = (): void => void running.delete(child);
  child.once('exit', forget);
  child.once('error', forget);
}

export function kill(child: ChildProcess): void {
  // What hangs in a driver heeds nothing milder, and there is nothing that it could lose.
  child.kill('SIGKILL');
}

const mostOutput = 4 * 2 ** 20;

export interface OutputBounds {
  /** ms. */
  patience: number;
  env?: NodeJS.ProcessEnv;
  /** Ends it before. */
  signal?: AbortSignal;
}

/**
 * What a program prints until it ends; null if it cannot be run, fails, takes longer than it may, or is ended. Without
 * a shell. Never rejects.
 */
export function outputOf(
  program: string,
  args: readonly string[],
  { patience, env, signal }: OutputBounds,
): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {
      timeout: patience,
      killSignal: 'SIGKILL' as const,
      maxBuffer: mostOutput,
      windowsHide: true,
      encoding: 'utf8' as const,
      ...(env && { env }),
      ...(signal && { signal }),
    };
    try {
      const child = execFile(program, args, options, (error, stdout) => resolve(error ? null : stdout));
      endWithHost(child);
      // A child that cannot be killed is not waited for.
      setTimeout(() => resolve(null), patience + 500).unref();
    } catch {
      resolve(null);
    }
  });
}

/** The same of a program without arguments that is known to be quick, waiting for it. */
export function outputNow(program: string, patience: number): string | null {
  try {
    return execFileSync(program, {
      timeout: patience,
      killSignal: 'SIGKILL',
      maxBuffer: mostOutput,
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
      encoding: 'utf8',
    });
  } catch {
    return null;
  }
}
