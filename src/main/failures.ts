import { inspect } from 'node:util';
import { app, clipboard, dialog } from 'electron';
import type { Log } from '../host/log-file.ts';

/** Logs a failure and, if it is the first one, shows it; resolves when the user has seen it. */
export type TellFailure = (what: string, cause: unknown) => Promise<void>;

/**
 * Catches what nobody else caught. All of it is logged; only the first is shown, because what breaks
 * once may break again every second. The app goes on: most of it still works.
 */
export function watchForFailures(log: Log): TellFailure {
  let shown = false;
  const tell: TellFailure = async (what, cause) => {
    const details = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
    log(`${what}: ${details}`);
    if (shown) return;
    shown = true;
    // Before that, dialogs cannot be shown.
    await app.whenReady();
    await show(what, details).catch((reason: unknown) => log(`the dialog was not shown: ${String(reason)}`));
  };
  process.on('uncaughtException', (cause) => void tell('Something went wrong in the monitor', cause));
  process.on('unhandledRejection', (cause) => void tell('Something went wrong in the monitor', cause));
  return tell;
}

async function show(what: string, details: string): Promise<void> {
  const [firstLine = ''] = details.split('\n');
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: `${what}.`,
    detail: firstLine,
    buttons: ['Close', 'Copy details'],
    defaultId: 0,
    cancelId: 0,
  });
  if (response !== 1) return;
  const about = `${app.getName()} ${app.getVersion()}, ${process.platform} ${process.arch}`;
  await clipboard.writeText(`${about}\n${what}\n${details}\n`);
}
