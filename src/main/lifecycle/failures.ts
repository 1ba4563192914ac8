import { inspect } from 'node:util';
import { app, clipboard, dialog } from 'electron';
import { causeText } from '../../domain/text/cause-text.ts';
import type { Log } from '../../host/log/log-file.ts';
import { t } from '../../language/t.ts';

/** What the user can do about a failure, on a button of its own. */
export interface Remedy {
  label: string;
  run(): void;
}

/**
 * Logs a failure and, if it is the first one, shows it; resolves when the user has seen it. One with a remedy
 * is shown each time, unless it is before the user already: without its button they could not go on.
 */
export type ReportFailure = (what: string, cause: unknown, remedy?: Remedy) => Promise<void>;

/**
 * Catches what was caught nowhere else. All of it is logged; only the first is shown, because what breaks
 * once may break again every second. The app goes on: most of it still works. No user has to read what breaks
 * because the app `isEnding`.
 */
export function watchForFailures(log: Log, isEnding: () => boolean): ReportFailure {
  let shown = false;
  const offered = new Set<string>();
  const report: ReportFailure = async (what, cause, remedy) => {
    const details = detailsOf(cause);
    log(`${what}: ${details}`);
    if (isEnding()) return;
    if (remedy ? offered.has(what) : shown) return;
    if (remedy) offered.add(what);
    else shown = true;
    // Before that, dialogs cannot be shown.
    await app.whenReady();
    if (isEnding()) return;
    await show(what, details, remedy).catch((reason: unknown) =>
      log(`the dialog was not shown: ${causeText(reason)}`),
    );
    offered.delete(what);
  };
  // What breaks in reporting would be uncaught in its turn, and so on for ever.
  const reportUncaught = (cause: unknown): unknown => report(t('host.broken'), cause).catch(() => {});
  process.on('uncaughtException', reportUncaught);
  process.on('unhandledRejection', reportUncaught);
  return report;
}

/** Never throws, whatever was thrown. */
function detailsOf(cause: unknown): string {
  try {
    return cause instanceof Error ? String(cause.stack ?? cause.message) : inspect(cause);
  } catch {
    return causeText(cause);
  }
}

async function show(what: string, details: string, remedy: Remedy | undefined): Promise<void> {
  const [firstLine = ''] = details.split('\n');
  const [close, copy] = [t('host.close'), t('host.copy_details')];
  const buttons = [...(remedy ? [remedy.label] : []), close, copy];
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: t('host.sentence', { what }),
    detail: firstLine,
    buttons,
    defaultId: 0,
    cancelId: buttons.indexOf(close),
  });
  const pressed = buttons[response];
  if (remedy && pressed === remedy.label) remedy.run();
  if (pressed !== copy) return;
  const about = `${app.getName()} ${app.getVersion()}, ${process.platform} ${process.arch}`;
  await clipboard.writeText(`${about}\n${what}\n${details}\n`);
}
