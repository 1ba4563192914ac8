import { z } from 'zod';
import { causeText } from '../../domain/text/cause-text.ts';
import type { Log } from '../../host/log/log-file.ts';
import { retryWhileBusy, retryWhileBusyNow } from '../../host/storage/busy-file.ts';
import { type KeptFile, keptFile, wholeFormat } from '../../host/storage/kept-file.ts';

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
  /** Notices that are shown once in a lifetime of the app, by id. */
  told: z.array(z.string().max(100)).max(50).catch([]),
});
export type WindowState = z.infer<typeof windowStateSchema>;

/** Files of earlier releases do not say their version; it is the first. */
const windowStateFormat = wholeFormat('window-state.json', 1, windowStateSchema, { indented: true });

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
 * Reads `window-state.json` from the user data folder. It holds nothing that the user would miss: damaged
 * parts of it give the defaults, and a failed write is a line in the log.
 */
export function openWindowState(folder: string, log: Log): WindowStateFile {
  const file = keptFile(folder, windowStateFormat);
  let current = readFrom(file, log);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waits = false;

  function write(): void {
    // It was written meanwhile, while another process had the file open.
    if (!waits) return;
    file.writeNow(current);
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
      timer = setTimeout(() => retryWhileBusy(async () => write()).catch(fail), restsAfter);
      // It is written at the end of the app at the latest.
      timer.unref();
    },
    flush() {
      clearTimeout(timer);
      try {
        retryWhileBusyNow(write);
      } catch (cause) {
        fail(cause);
      }
    },
  };
}

function readFrom(file: KeptFile<WindowState>, log: Log): WindowState {
  const read = file.readNow();
  if (read.found === 'nothing') return firstState;
  if (read.found === 'content' || read.found === 'parts') return read.content;
  const aside = read.found === 'damaged' ? read.aside : file.setAsideNow();
  log(`the place of the window is forgotten: ${read.why} ${aside === null ? '' : `It is kept as ${aside}.`}`);
  return firstState;
}
