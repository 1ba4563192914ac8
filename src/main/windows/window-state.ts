import { join } from 'node:path';
import { z } from 'zod';
import { causeText } from '../../domain/text/cause-text.ts';
import type { Log } from '../../host/log/log-file.ts';
import { outwait, outwaitNow } from '../../host/storage/held-file.ts';
import { keepAsideNow, readKeptNow, sweepLeftovers } from '../../host/storage/kept-file.ts';
import { replaceFileNow } from '../../host/storage/replace-file.ts';

const coordinate = z.number().int().min(-100_000).max(100_000);
const length = z.number().int().min(50).max(100_000);
const boundsSchema = z.object({ x: coordinate, y: coordinate, width: length, height: length });

/** What the desktop app remembers of itself from one run to the next. */
const windowStateSchema = z.object({
  /** Where the window was when it was neither maximised nor minimised; null before it was moved. */
  bounds: boundsSchema.nullable().catch(null),
  maximized: z.boolean().catch(false),
  /** Electron's zoom level; 0 is the size of things as they were drawn. */
  zoomLevel: z.number().min(-8).max(9).catch(0),
  mini: boundsSchema.nullable().catch(null),
  /** Notices that are told once in a life, by id. */
  told: z.array(z.string().max(100)).max(50).catch([]),
});
export type WindowState = z.infer<typeof windowStateSchema>;

const firstState: WindowState = { bounds: null, maximized: false, zoomLevel: 0, mini: null, told: [] };

/** Windows are moved pixel by pixel; written is where they came to rest, ms. */
const restsAfter = 1_000;

export interface WindowStateFile {
  readonly current: WindowState;
  /** Holds at once; written a little later. */
  remember(change: Partial<WindowState>): void;
  /** Writes now what waits to be written: the app is about to end. */
  flush(): void;
}

/**
 * Reads `window-state.json` from the user data folder. It holds nothing that anybody would miss: damaged
 * parts of it give the defaults, and a failed write is a line in the log.
 */
export function openWindowState(folder: string, log: Log): WindowStateFile {
  const path = join(folder, 'window-state.json');
  sweepLeftovers(path);
  let current = readFrom(path, log);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waits = false;

  function write(): void {
    // Somebody who was faster wrote the same.
    if (!waits) return;
    replaceFileNow(path, `${JSON.stringify(current, null, 2)}\n`);
    waits = false;
  }

  function fail(cause: unknown): void {
    log(`the place of the window could not be written: ${causeText(cause)}`);
  }

  return {
    get current() {
      return current;
    },
    remember(change) {
      const next = { ...current, ...change };
      if (JSON.stringify(next) === JSON.stringify(current)) return;
      current = next;
      waits = true;
      clearTimeout(timer);
      // Each try is over at once, so that none is under way when the app ends.
      timer = setTimeout(() => outwait(async () => write()).catch(fail), restsAfter);
      // It is written at the end of the app at the latest.
      timer.unref();
    },
    flush() {
      clearTimeout(timer);
      try {
        outwaitNow(write);
      } catch (cause) {
        fail(cause);
      }
    },
  };
}

function readFrom(path: string, log: Log): WindowState {
  const read = readKeptNow(path);
  if (read.found === 'nothing') return firstState;
  try {
    if (read.found === 'text') return windowStateSchema.parse(JSON.parse(read.text));
  } catch {
    // Told below.
  }
  const why = read.found === 'text' ? 'It does not have the expected content.' : read.why;
  const aside = keepAsideNow(path, new Date());
  log(`the place of the window is forgotten: ${why} ${aside === null ? '' : `It is kept as ${aside}.`}`);
  return firstState;
}
