/** Runs the desktop app, and tells an app that ended from a runtime that never ran. */

import { type ChildProcess, spawn } from 'node:child_process';
import { causeMessage } from '../../src/domain/text/cause-text.ts';
import { exitCodeOf, onEndSignal } from '../../src/host/program/end-signals.ts';
import { signOfLife } from '../../src/main/lifecycle/sign-of-life.ts';

/** How a run ended. `code` is what the command should end with, in the manner of shells. */
export type DesktopRun = { ran: true; code: number } | { ran: false; reason: string };

/** How long to wait for the last words of a process that has ended, ms: what it started may hold the pipe open. */
const lastWords = 500;

/**
 * Starts Electron with `args` and resolves when it has ended. Signals meanwhile reach it once each; at a second one
 * Electron ends at once.
 */
export async function runDesktop(
  electron: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<DesktopRun> {
  let child: ChildProcess;
  try {
    child = start(electron, args, environment);
  } catch (cause) {
    // Node reports some kinds of failure this way, the wrong format for example.
    return { ran: false, reason: whyNoStart(cause) };
  }
  let said = '';
  let alive = false;
  child.stderr?.on('data', (chunk: Buffer) => {
    if (alive) process.stderr.write(chunk);
    else said += String(chunk);
  });
  // A terminal that was closed takes no more; the app shall quit properly all the same.
  process.stderr.on('error', () => {});
  let wanted = false;
  const stopListening = onEndSignal((signal) => {
    wanted = true;
    passOn(signal, child);
  });
  const end = await new Promise<Ending>((done) => {
    child.once('error', (cause) => done({ cause }));
    child.once('exit', (code, signal) => done({ code, signal }));
    child.on('message', (message) => {
      if (message !== signOfLife || alive) return;
      alive = true;
      // Until now these could have been the many lines of a runtime that does not run.
      process.stderr.write(said);
    });
  });
  stopListening();
  if ('cause' in end) return { ran: false, reason: whyNoStart(end.cause) };
  await drained(child);
  if (!alive && !wanted) return { ran: false, reason: whyNotRun(end, said) };
  if (!alive) process.stderr.write(said);
  if (end.signal && !wanted) console.error(`The desktop app was ended by ${end.signal}.`);
  return { ran: true, code: end.signal ? exitCodeOf(end.signal) : (end.code ?? 1) };
}

type Exit = { code: number | null; signal: NodeJS.Signals | null };
type Ending = Exit | { cause: unknown };

function start(electron: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  return spawn(electron, args, {
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    env: asElectron(environment),
    // Out of reach of the terminal, which would send it every Ctrl+C beside ours. On Windows this would
    // open a console window, and Electron shares no console there.
    detached: process.platform !== 'win32',
  });
}

/** Without what would make Electron a mere Node, as in terminals inside programs that are made with Electron. */
export function asElectron(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // Windows does not tell upper case from lower case.
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => name.toUpperCase() !== 'ELECTRON_RUN_AS_NODE'),
  );
}

function passOn(signal: NodeJS.Signals, child: ChildProcess): void {
  // Windows knows no signals, and Node would end Electron on the spot; the app quits when it is let go.
  if (process.platform !== 'win32') child.kill(signal);
  else if (child.connected) child.disconnect();
}

/** Resolves when everything that `child` said was heard, and lets go of its pipe. */
async function drained({ stderr }: ChildProcess): Promise<void> {
  if (!stderr) return;
  let giveUp: NodeJS.Timeout | undefined;
  if (!stderr.closed)
    await new Promise<void>((done) => {
      stderr.once('close', done);
      giveUp = setTimeout(done, lastWords);
    });
  clearTimeout(giveUp);
  stderr.destroy();
}

/** Why the system did not start the program at all, in one sentence. */
export function whyNoStart(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = causeMessage(cause);
  const reasons: Record<string, string> = {
    EACCES: 'its file may not be executed',
    EPERM: 'the system does not allow it',
    // The file was found before, so it is what the file asks for.
    ENOENT: 'this system lacks the loader that it is made for',
    ENOEXEC: damaged,
    EBADARCH: damaged,
    // Windows, for all that it does not take for a program.
    UNKNOWN: damaged,
  };
  // macOS has a number of its own for programs of another processor.
  const reason = / -86\b/.test(message) ? damaged : reasons[code];
  return `Electron cannot be started (${reason ?? message}).`;
}

const damaged =
  'its file is damaged or made for another kind of computer; without the folder node_modules/electron/dist it is installed anew';

/** Windows ends a process with these before it has begun. */
const windowsReasons = new Map([
  [0xc000_0135, 'a library that it needs is missing'],
  [0xc000_007b, damaged],
]);

/** Why a process ended that never became our app, in one sentence: what it `said`, and how it ended. */
export function whyNotRun({ code, signal }: Exit, said: string): string {
  const lines = said.split('\n').map((line) => line.trim());
  const how = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
  const why =
    (code === null ? undefined : windowsReasons.get(code)) ??
    missingLibrary(lines) ??
    (isShell(lines) ? damaged : undefined) ??
    [how, mostTelling(lines)].filter((part) => part !== null).join(': ');
  return `Electron does not run here (${why}).`;
}

/** As the loaders of Linux and macOS put it. */
function missingLibrary(lines: readonly string[]): string | undefined {
  const line = lines.find((line) => /error while loading shared libraries|Library not loaded/.test(line));
  return line && tidy(line.replace(/^.*error while loading shared libraries:/, ''));
}

/** What is no program for this computer is taken for a shell script, which then fails in some line of it. */
function isShell(lines: readonly string[]): boolean {
  return lines.some((line) => /^\S+: (line )?\d+: /.test(line));
}

/** Of many lines the one that says what is wrong: Chromium marks what is fatal, or else an error. */
function mostTelling(lines: readonly string[]): string | null {
  const kinds = [/^\[[^\]]*:FATAL:/, /^\[[^\]]*:ERROR:/, /./];
  const line = kinds.flatMap((kind) => lines.find((line) => kind.test(line)) ?? [])[0];
  // Without process, time and place in the source.
  return line === undefined ? null : tidy(line.replace(/^\[[^\]]*\]/, ''));
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 200);
}
