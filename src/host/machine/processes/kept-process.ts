import { type ChildProcess, spawn } from 'node:child_process';
import { doublingWait } from '../../../domain/values/doubling-wait.ts';
import { endWithHost, kill } from './children.ts';
import { splitLines } from './line-splitter.ts';

export interface KeptProcessOptions {
  /** What to run, asked before each start; null if there is nothing (more) to run. */
  command(): { program: string; args: readonly string[] } | null;
  env?: NodeJS.ProcessEnv;
  /** A line of its output. False if it is none that is waited for: a program that only complains does not answer. */
  onLine(line: string): boolean;
  /** It ended or was ended by itself: why, in a few words. It is started anew after a pause. */
  onTrouble(why: string): void;
  /** Longest time without a line that is waited for, ms. */
  patience(): number;
  /** Pauses before it is started anew, ms: the first, and the longest. */
  pauses: { first: number; longest: number };
}

/** A program that runs as long as it is wanted, and whose lines are read. Without a shell. */
export interface KeptProcess {
  start(): void;
  /** Runs it anew at once, such as with other arguments. */
  restart(): void;
  stop(): void;
}

export function keepProcess(options: KeptProcessOptions): KeptProcess {
  let isWanted = false;
  let child: ChildProcess | null = null;
  /** Why the present child was ended by us; '' if it was meant to be. */
  let ended: string | null = null;
  let failures = 0;
  let begunAt = 0;
  let pause: NodeJS.Timeout | null = null;
  let watch: NodeJS.Timeout | null = null;

  function run(): void {
    pause = null;
    const command = options.command();
    if (!isWanted || !command) return;
    ended = null;
    begunAt = performance.now();
    let begun: ChildProcess;
    try {
      begun = spawn(command.program, command.args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        ...(options.env && { env: options.env }),
      });
    } catch (cause) {
      onEnd(`it cannot be started (${codeOf(cause)})`);
      return;
    }
    child = begun;
    endWithHost(begun);
    hear(begun);
    begun.once('error', (cause) => {
      if (child !== begun || begun.pid !== undefined) return;
      onEnd(`it cannot be started (${codeOf(cause)})`);
    });
    begun.once('exit', (code, signal) => {
      const onGone = (): void => {
        if (child === begun) onEnd(ended ?? `it ended (${signal ?? `code ${code}`})`);
      };
      // What is still in the pipe says why, but a grandchild may hold the pipe for ever.
      begun.once('close', onGone);
      setTimeout(onGone, 200).unref();
    });
    lookAfter();
  }

  function hear(begun: ChildProcess): void {
    const onLine = (line: string): void => {
      if (child !== begun || ended !== null) return;
      if (!options.onLine(line)) return;
      // One that ends soon after its first line waits longer each time, too.
      if (performance.now() - begunAt > 10 * options.pauses.first) failures = 0;
      lookAfter();
    };
    for (const stream of [begun.stdout, begun.stderr]) {
      if (!stream) continue;
      stream.setEncoding('utf8');
      stream.on('error', () => {});
      stream.on(
        'data',
        splitLines(onLine, () => end('it prints without end')),
      );
    }
  }

  function lookAfter(): void {
    if (watch) clearTimeout(watch);
    watch = setTimeout(() => end('it does not answer'), options.patience());
  }

  /** Ends the present child. The next is not started before it is gone: one that hangs stays alone. */
  function end(why: string): void {
    if (!child || ended !== null) return;
    ended = why;
    if (watch) clearTimeout(watch);
    watch = null;
    if (why !== '') options.onTrouble(why);
    kill(child);
  }

  function onEnd(why: string): void {
    child = null;
    if (watch) clearTimeout(watch);
    watch = null;
    if (!isWanted) return;
    if (why === '') {
      run();
      return;
    }
    if (ended === null) options.onTrouble(why);
    if (!isWanted) return;
    pause = setTimeout(run, doublingWait(failures, options.pauses));
    failures += 1;
  }

  return {
    start() {
      if (isWanted) return;
      isWanted = true;
      // One that was ended but is not gone yet is followed by the next.
      if (!child) run();
    },
    restart() {
      if (!isWanted) return;
      if (child) end('');
      else if (!pause) run();
    },
    stop() {
      isWanted = false;
      failures = 0;
      if (pause) clearTimeout(pause);
      pause = null;
      end('');
    },
  };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
