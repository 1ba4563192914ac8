import { app, dialog } from 'electron';
import { logToTerminal } from '../../host/program/terminal.ts';

/** An installed app of Windows has no terminal, whatever it was started from. */
function hasTerminal(): boolean {
  return process.platform !== 'win32' || !app.isPackaged;
}

/** Tells what the user asked for on the command line; resolves when they have seen it. */
export async function say(text: string): Promise<void> {
  if (hasTerminal()) {
    process.stdout.write(`${text.trimEnd()}\n`);
    return;
  }
  await app.whenReady();
  await dialog.showMessageBox({ title: app.getName(), message: text.trimEnd() });
}

/** Tells what is wrong with the command line. */
export function complain(message: string): void {
  if (hasTerminal()) logToTerminal(message);
  // Unlike other dialogs, this one can be shown at any time.
  else dialog.showErrorBox(app.getName(), message);
}
