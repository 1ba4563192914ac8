import { readFile } from 'node:fs/promises';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { CallHandlers } from '../../contract/bridge/bridge-host.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';
import type { Log } from '../log/log-file.ts';

/** What a desktop can do with the app itself. */
export interface DesktopApp {
  /** Shows the small window instead of the full one, and back. */
  miniMode(on: boolean): void;
  /** Gives the full window the whole screen and keeps that on, or ends both. */
  wallMode(on: boolean): void;
  /** Restarts as a new version; false if there is none. */
  restartToUpdate(): boolean;
  logs: LogFiles;
}

/** The files that the log goes to. */
interface LogFiles {
  /** The last lines, from old to new. */
  lastLines(): Promise<string[]>;
  /** Shows their folder to the user; gives a sentence if that failed. */
  open(): Promise<string | null>;
}

export interface AppCallsOptions {
  /** Null where there is no desktop. */
  desktop: DesktopApp | null;
  /** The file with the licences of everything that is shipped. */
  licencesFile: string;
  diagnostics: () => Promise<string>;
  log: Log;
}

type AppCalls = Pick<
  CallHandlers,
  'setMiniMode' | 'setWallMode' | 'restartToUpdate' | 'openLogs' | 'getDiagnostics' | 'getLicences'
>;

/** Answers what a page asks of the app itself. */
export function appCalls({ desktop, licencesFile, diagnostics, log }: AppCallsOptions): AppCalls {
  return {
    setMiniMode({ on }) {
      if (!desktop) throw new BridgeError(t('host.app.no_mini'));
      desktop.miniMode(on);
    },
    setWallMode({ on }) {
      if (!desktop) throw new BridgeError(t('host.app.no_wall'));
      desktop.wallMode(on);
    },
    restartToUpdate() {
      if (!desktop?.restartToUpdate()) throw new BridgeError(t('host.app.no_update'));
    },
    async openLogs() {
      if (!desktop) throw new BridgeError(t('host.app.no_logs'));
      const problem = await desktop.logs.open();
      if (problem !== null) throw new BridgeError(t('host.app.folder', { problem }));
    },
    getDiagnostics: async () => ({ text: await diagnostics() }),
    async getLicences() {
      try {
        return { text: await readFile(licencesFile, 'utf8') };
      } catch (cause) {
        log(`the licences could not be read: ${causeText(cause)}`);
        throw new BridgeError(t('host.app.licences'));
      }
    },
  };
}
