import { join } from 'node:path';
import { z } from 'zod';
import type { Notice } from '../../contract/bridge.ts';
import { emptyLedger, type PromptLedger, promptLedgerSchema } from '../../domain/news/prompt-ledger.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import type { Log } from '../log/log-file.ts';
import { keepAside, readKept, sweepLeftovers } from './kept-file.ts';
import { replaceFile } from './replace-file.ts';

/** How long after a failed write the next try is, ms. */
const retryAfter = 30_000;

/** What notifications have to remember from one run of the app to the next. */
export interface ToldPrompts {
  readonly ledger: PromptLedger;
  /** Ms since the epoch. */
  readonly pausedUntil: number | null;
  /** What went wrong while reading, for the user; null if nothing did. */
  readonly notice: Notice | null;
  keep(ledger: PromptLedger): void;
  pause(until: number | null): void;
  /** Resolves when everything was written, or could not be, after one more try. */
  saved(): Promise<void>;
}

const fileSchema = z.object({
  version: z.literal(1),
  ledger: promptLedgerSchema,
  pausedUntil: z.number().nullable(),
});

/**
 * Opens `notifications.json` in the user data folder. One that cannot be used is kept aside: at worst what ended
 * while the app was closed is not told.
 */
export async function openToldPrompts(folder: string, log: Log): Promise<ToldPrompts> {
  const path = join(folder, 'notifications.json');
  sweepLeftovers(path);
  const { stored, notice } = await readFrom(path, log);
  let ledger = stored?.ledger ?? emptyLedger;
  let pausedUntil = stored?.pausedUntil ?? null;
  let writing: Promise<void> | null = null;
  let changed = false;
  let failed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  // One write at a time; what changes meanwhile goes into the next one.
  async function write(): Promise<void> {
    clearTimeout(retry);
    while (changed) {
      changed = false;
      try {
        await replaceFile(path, `${JSON.stringify({ version: 1, ledger, pausedUntil })}\n`);
      } catch (cause) {
        if (!failed) log(`${path} could not be written: ${causeText(cause)}`);
        failed = true;
        changed = true;
        retry = setTimeout(save, retryAfter);
        // The end of the app tries once more.
        retry.unref();
        break;
      }
    }
    writing = null;
  }

  function save(): void {
    changed = true;
    writing ??= write();
  }

  return {
    get ledger() {
      return ledger;
    },
    get pausedUntil() {
      return pausedUntil;
    },
    notice,
    keep(next) {
      ledger = next;
      save();
    },
    pause(until) {
      pausedUntil = until;
      save();
    },
    saved: async () => {
      await writing;
      if (!changed) return;
      save();
      await writing;
    },
  };
}

interface Reading {
  stored: z.infer<typeof fileSchema> | null;
  notice: Notice | null;
}

async function readFrom(path: string, log: Log): Promise<Reading> {
  const read = await readKept(path);
  if (read.found === 'nothing') return { stored: null, notice: null };
  const stored = read.found === 'text' ? parsed(read.text) : null;
  if (stored) return { stored, notice: null };
  const why = read.found === 'text' ? 'It does not have the expected content.' : read.why;
  log(`${path} is damaged and starts anew: ${why}`);
  const aside = await keepAside(path, new Date());
  return { stored: null, notice: damaged(why, aside, path) };
}

function parsed(text: string): z.infer<typeof fileSchema> | null {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function damaged(why: string, aside: string | null, path: string): Notice {
  return {
    id: 'told-prompts-damaged',
    level: 'info',
    what: 'What ended while the monitor was closed is not told this time: its memory of that could not be used.',
    why,
    next:
      aside === null
        ? `The file is still at ${path}; check who may write there.`
        : `The old file is kept as ${aside}.`,
  };
}
