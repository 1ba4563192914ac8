import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, rmSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { causeMessage } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';
import { codeOf } from './busy-file.ts';

/** A host that has a data folder. */
const holderSchema = z.object({ kind: z.enum(['desktop', 'browser']), pid: z.int().positive() });
export type Holder = z.infer<typeof holderSchema>;

/** The data folder is for this host alone until it is released, or the process ends in whatever way. */
export interface FolderHold {
  release(): Promise<void>;
}

/** Another host has the data folder. Its message is for the user: what, why, what next. */
export class FolderHeldError extends Error {
  override name = 'FolderHeldError';
  readonly #folder: string;
  readonly #holder: Holder | null;

  /** `holder` is null for one that does not say who it is. */
  constructor(folder: string, holder: Holder | null) {
    const who = holder
      ? `the ${holder.kind === 'desktop' ? 'desktop app' : 'browser monitor'}, process ${holder.pid}`
      : 'it does not say which';
    super(
      `Another Comfy Monitor (${who}) is running on ${folder}. Two at once would overwrite each other's settings. ` +
        'Use that one or end it first, or start this one on another folder with --user-data-dir.',
    );
    this.#folder = folder;
    this.#holder = holder;
  }

  /** The same in the language spoken, for a dialog: the message is for terminal and log. */
  get advice(): string {
    const [folder, holder] = [this.#folder, this.#holder];
    return t('host.folder_held', { folder, kind: holder?.kind ?? 'other', pid: String(holder?.pid ?? '') });
  }
}

/** The address of a socket is at most so long, bytes (macOS; Linux has four more). */
const longestAddress = 103;
/** A host that is there answers sooner, or hangs, ms. */
const patience = 1_000;
const longestAnswer = 200;

/**
 * Takes a data folder for this process: two hosts on one folder would each write the settings that it knows, and
 * lose what the other added. What holds it is a listening socket (a named pipe on Windows), which ends with its
 * process, also when that is killed: nothing that a crash leaves behind keeps the next start from it.
 * Rejects with a `FolderHeldError` if another one has it. Where no socket can be made, as in a folder that is read
 * only, nothing is held, and `log` hears why.
 */
export async function holdFolder(
  folder: string,
  kind: Holder['kind'],
  log: (line: string) => void,
): Promise<FolderHold> {
  try {
    await mkdir(folder, { recursive: true });
    const address = addressFor(await realpath(folder));
    // Each round either has it, finds another host there, or removed what a crash left.
    for (let round = 0; round < 5; round += 1) {
      const server = await listen(address, { kind, pid: process.pid });
      if (server) return holdBy(server);
      const there = statsOf(address);
      const found = await ask(address);
      if (found.alive) throw new FolderHeldError(folder, found.holder);
      if (there) removeLeftover(address, there);
    }
    throw new Error(`${address} is taken again and again`);
  } catch (cause) {
    if (cause instanceof FolderHeldError) throw cause;
    log(`another monitor on ${folder} would not be noticed: ${causeMessage(cause)}`);
    return { release: async () => {} };
  }
}

function addressFor(folder: string): string {
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\comfy-monitor-${key}`;
  const beside = join(folder, 'running.sock');
  return Buffer.byteLength(beside) <= longestAddress ? beside : join(tmpdir(), `comfy-monitor-${key}.sock`);
}

/** Null if something is there already. */
function listen(address: string, holder: Holder): Promise<Server | null> {
  return new Promise((done, failed) => {
    const server = createServer((asking) => {
      asking.on('error', () => asking.destroy());
      asking.setTimeout(patience, () => asking.destroy());
      asking.end(JSON.stringify(holder));
    });
    // A process that asks again and again.
    server.maxConnections = 20;
    server.once('error', (cause) => (codeOf(cause) === 'EADDRINUSE' ? done(null) : failed(cause)));
    server.listen(address, () => done(server));
  });
}

function holdBy(server: Server): FolderHold {
  // It must not keep a process from its end. What goes wrong with a process that asks is its own.
  server.unref().on('error', () => {});
  let closed: Promise<void> | null = null;
  const release = (): Promise<void> => {
    closed ??= new Promise((done) => server.close(() => done()));
    return closed;
  };
  // Only tidy: the file of the socket is removed with it.
  process.once('exit', release);
  return {
    release() {
      process.off('exit', release);
      return release();
    },
  };
}

type Found = { alive: false } | { alive: true; holder: Holder | null };

/** Asks the host that listens at `address`. One that is stopped or hangs does not answer, and still has the folder. */
function ask(address: string): Promise<Found> {
  return new Promise((done, failed) => {
    let answer = '';
    const socket: Socket = connect(address);
    const end = (found: Found): void => {
      socket.destroy();
      done(found);
    };
    socket.setEncoding('utf8').setTimeout(patience, () => end({ alive: true, holder: null }));
    socket.on('data', (chunk) => {
      answer += String(chunk);
      if (answer.length > longestAnswer) end({ alive: true, holder: null });
    });
    socket.on('end', () => end({ alive: true, holder: holderIn(answer) }));
    socket.on('error', (cause) => {
      const code = codeOf(cause);
      // No process listens there any more; on macOS, a file that is no socket says so.
      if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ENOTSOCK') end({ alive: false });
      // Too many ask it at once, or it ended meanwhile.
      else if (code === 'EAGAIN' || code === 'ECONNRESET' || code === 'EPIPE')
        end({ alive: true, holder: null });
      else failed(cause);
    });
  });
}

function holderIn(answer: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(answer));
  } catch {
    return null;
  }
}

/** Null for what is not there. A named pipe is no file, and leaves nothing behind. */
function statsOf(address: string): BigIntStats | null {
  if (process.platform === 'win32') return null;
  return lstatSync(address, { bigint: true, throwIfNoEntry: false }) ?? null;
}

/**
 * Removes the socket of a process that has gone, unless another start did so already and has made its own. At once,
 * so that no other start comes between. What is no socket is none of ours.
 */
function removeLeftover(address: string, leftover: BigIntStats): void {
  const there = statsOf(address);
  if (there?.ino !== leftover.ino || there.ctimeNs !== leftover.ctimeNs) return;
  if (!there.isSocket()) throw new Error(`${address} is no socket`);
  rmSync(address, { force: true });
}
