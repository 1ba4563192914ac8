import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  answerSchemas,
  type CheckAnswers,
  type CheckedPage,
  type CheckNews,
  type OrderName,
  type OrderOf,
  type ProbeAnswers,
  type ProbeName,
  probeSchemas,
  sentByAppSchema,
} from '../../src/main/desktop-check/protocol.ts';
import { signOfLife } from '../../src/main/lifecycle/sign-of-life.ts';
import { killEverything, processTree } from './processes.ts';

/** How the app is started, apart from what is different each time. */
export interface AppProgram {
  path: string;
  /** Come first: the app's folder in development, then what `--app-arg` names. */
  args: readonly string[];
}

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** On the clock of `performance.now`, ms. */
  at: number;
}

interface HeardNews {
  news: CheckNews;
  /** Since the app's start, ms. */
  after: number;
}

/** The real app, started in check mode with a data folder of its own. */
export interface CheckedApp {
  readonly pid: number;
  readonly userDataDir: string;
  readonly heard: readonly HeardNews[];
  order<K extends OrderName>(name: K, details: Omit<OrderOf<K>, 'do'>): Promise<CheckAnswers[K]>;
  probe<N extends ProbeName>(name: N, page?: CheckedPage): Promise<ProbeAnswers[N]>;
  /** Resolves with the first news of a kind, as soon as they are there; rejects after so long or when it ends. */
  hear(what: (news: CheckNews) => boolean, name: string, timeoutMs?: number): Promise<HeardNews>;
  readonly ended: Promise<Ending>;
  hasEnded(): boolean;
  /** The last lines that it wrote to the terminal, in one. */
  lastWords(): string;
  /** Ends it and all its processes at once, whatever it does, and removes its data folder. */
  kill(): Promise<void>;
}

/** How long an answer may take, ms; probes have a patience of their own, which is less. */
const answerPatience = 30_000;
/** A start on a slow machine, ms. */
const startPatience = 60_000;

const running = new Set<CheckedApp>();

/** Nothing of the check may stay behind when it is interrupted. */
export async function killAllApps(): Promise<void> {
  await Promise.all([...running].map((app) => app.kill()));
}

export interface StartOptions {
  program: AppProgram;
  /** Watched by it. */
  server: string;
  args?: readonly string[];
  environment?: NodeJS.ProcessEnv;
}

/** Starts the app and gives it as soon as its process is there. */
export async function startApp(options: StartOptions): Promise<CheckedApp> {
  const userDataDir = await mkdtemp(join(tmpdir(), 'desktop-check-'));
  const { program } = options;
  const startedAt = performance.now();
  const child = spawn(program.path, [...program.args, ...appArgs(options, userDataDir)], {
    // In a group of its own, so that all of it can be ended.
    detached: process.platform !== 'win32',
    env: options.environment ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = endingOf(child);
  await new Promise<void>((done, failed) => {
    child.once('spawn', done);
    child.once('error', (cause) => failed(new Error(`the app could not be started: ${cause.message}`)));
  });
  const pid = z.number().parse(child.pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output = (output + String(chunk)).slice(-200_000);
    });
  let ending: Ending | null = null;
  void ended.then((how) => {
    ending = how;
  });
  const heard: HeardNews[] = [];
  const waiting = new Set<() => void>();
  const answers = new Map<number, (answer: { ok: boolean; value?: unknown; message?: string }) => void>();
  child.on('message', (message) => {
    // Meant for `npm start`, which starts the app in the same way.
    if (message === signOfLife) return;
    const sent = sentByAppSchema.parse(message);
    if ('news' in sent) heard.push({ news: sent, after: performance.now() - startedAt });
    else answers.get(sent.id)?.(sent);
    for (const look of waiting) look();
  });
  const hasEnded = (how: Ending) => ({ ok: false, message: `the app has ended, ${endingText(how)}` });
  void ended.then((how) => {
    for (const look of waiting) look();
    for (const answer of answers.values()) answer(hasEnded(how));
  });
  let orders = 0;

  const app: CheckedApp = {
    pid,
    userDataDir,
    heard,
    async order(name, details) {
      orders += 1;
      const id = orders;
      const answer = await new Promise<{ ok: boolean; value?: unknown; message?: string }>((done) => {
        const timer = setTimeout(
          () => done({ ok: false, message: `no answer to “${name}” within ${answerPatience / 1000} s` }),
          answerPatience,
        );
        answers.set(id, (given) => {
          clearTimeout(timer);
          done(given);
        });
        if (ending) answers.get(id)?.(hasEnded(ending));
        else child.send({ id, order: { do: name, ...details } }, () => {});
      });
      answers.delete(id);
      if (!answer.ok) throw new Error(answer.message);
      return answerSchemas[name].parse(answer.value);
    },
    async probe(name, page = 'main') {
      return probeSchemas[name].parse(await app.order('probe', { probe: name, page }));
    },
    hear(what, name, timeoutMs = startPatience) {
      return new Promise((done, failed) => {
        const finish = (end: () => void): void => {
          clearTimeout(timer);
          waiting.delete(look);
          end();
        };
        const look = (): void => {
          const found = heard.find(({ news }) => what(news));
          if (found) finish(() => done(found));
          else if (ending) {
            const why = `${endingText(ending)}: ${refusalOf(heard) ?? app.lastWords()}`;
            finish(() => failed(new Error(`the app ended before ${name}, ${why}`)));
          }
        };
        const timer = setTimeout(
          () => finish(() => failed(new Error(`${name} did not come within ${timeoutMs / 1000} s`))),
          timeoutMs,
        );
        waiting.add(look);
        look();
      });
    },
    ended,
    hasEnded: () => ending !== null,
    lastWords: () => lastWordsOf(output),
    async kill() {
      running.delete(app);
      await killEverything(ending ? [] : await processTree(pid), pid);
      await ended;
      // Windows keeps files of a process a little longer than the process.
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 20 }).catch(() => {});
    },
  };
  running.add(app);
  return app;
}

/** In one piece each: on Windows Electron does not start with anything after a lone address. */
function appArgs({ server, args = [] }: StartOptions, userDataDir: string): string[] {
  return ['--desktop-check', `--user-data-dir=${userDataDir}`, `--server=${server}`, ...args];
}

/** Starts the app once more with the data folder of `first`; it is to show the first one's window and end. */
export async function startSecond(first: CheckedApp, options: StartOptions): Promise<Ending | null> {
  const { path, args } = options.program;
  const child = spawn(path, [...args, ...appArgs(options, first.userDataDir)], {
    detached: process.platform !== 'win32',
    env: options.environment ?? process.env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ending = await Promise.race([endingOf(child), delay(15_000, null)]);
  if (!ending && child.pid !== undefined) await killEverything(await processTree(child.pid), child.pid);
  return ending;
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((done) => {
    child.once('error', () => done({ code: null, signal: null, at: performance.now() }));
    child.once('exit', (code, signal) => done({ code, signal, at: performance.now() }));
  });
}

/** Chromium's complaints about a machine's drivers and buses are no answer, unless it ends by them. */
const chatter = /^\[[^\]]*:(ERROR|WARNING|INFO):|^libva error/;

/** The last lines of an output that say something, in one line. */
export function lastWordsOf(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !chatter.test(line));
  return lines.slice(-3).join(' | ').slice(-600);
}

function endingText({ code, signal }: Ending): string {
  return signal === null ? `with code ${code}` : `by ${signal}`;
}

function refusalOf(heard: readonly HeardNews[]): string | null {
  for (const { news } of heard) if (news.news === 'refused') return news.why;
  return null;
}
