import { z } from 'zod';
import type { Notice } from '../../contract/notice.ts';
import { emptyLedger, type PromptLedger, promptLedgerSchema } from '../../domain/news/prompt-ledger.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';
import type { Log } from '../log/log-file.ts';
import { type KeptFile, keptFile, wholeFormat } from '../storage/kept-file.ts';

/** How long after a failed write the next try is, ms. */
const retryDelay = 30_000;

/** What notifications have to remember from one run of the app to the next. */
export interface AnnouncedPrompts {
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

const memorySchema = z.object({
  version: z.literal(1),
  ledger: promptLedgerSchema,
  pausedUntil: z.number().nullable(),
});

const memoryFormat = wholeFormat('notifications.json', 1, memorySchema);

/**
 * Opens `notifications.json` in the user data folder. One that cannot be used is kept aside: at worst what ended
 * while the app was closed is not announced.
 */
export async function openAnnouncedPrompts(folder: string, log: Log): Promise<AnnouncedPrompts> {
  const file = keptFile(folder, memoryFormat);
  const { stored, notice } = await readFrom(file, log);
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
        await file.write({ version: 1, ledger, pausedUntil });
      } catch (cause) {
        if (!failed) log(`${file.path} could not be written: ${causeText(cause)}`);
        failed = true;
        changed = true;
        retry = setTimeout(save, retryDelay);
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
  stored: z.infer<typeof memorySchema> | null;
  notice: Notice | null;
}

async function readFrom(file: KeptFile<z.infer<typeof memorySchema>>, log: Log): Promise<Reading> {
  const read = await file.read();
  if (read.found === 'nothing') return { stored: null, notice: null };
  if (read.found === 'content' || read.found === 'parts') return { stored: read.content, notice: null };
  log(`${file.path} is damaged and starts anew: ${read.why}`);
  const aside = read.found === 'damaged' ? read.aside : await file.setAside();
  return { stored: null, notice: damaged(read.why, aside, file.path) };
}

function damaged(why: string, aside: string | null, path: string): Notice {
  return {
    id: 'announced-prompts-damaged',
    level: 'info',
    get what() {
      return t('host.announced.damaged');
    },
    why,
    next: aside === null ? t('host.announced.unmoved', { path }) : t('host.file.kept', { path: aside }),
  };
}
