import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Shell, ShortcutDetails } from 'electron';

/**
 * Puts an entry of ours into the start menu and returns what gives the place back, as it was. For
 * notifications Windows wants such an entry, and Electron writes it under the program's name, over the
 * one that is there; that of a portable program leads nowhere once the program has ended, and that of
 * development to an Electron without an app.
 */
export function borrowStartMenuEntry(options: {
  path: string;
  /** Where the entry that was there before survives a crash. */
  keptAt: string;
  entry: ShortcutDetails & Required<Pick<ShortcutDetails, 'appUserModelId' | 'toastActivatorClsid'>>;
  /** Other ids under which entries of ours were left there. */
  formerIds?: readonly string[];
  shell: Pick<Shell, 'readShortcutLink' | 'writeShortcutLink'>;
}): () => void {
  const { path, keptAt, entry, shell } = options;
  const ours = [entry.appUserModelId, ...(options.formerIds ?? [])];
  const isOurs = (): boolean => {
    try {
      return ours.includes(shell.readShortcutLink(path).appUserModelId ?? '');
    } catch {
      return false;
    }
  };
  // One of ours is left from a run that could not give it back.
  const before = contentOf(isOurs() ? keptAt : path);
  if (before) writeFileSync(keptAt, before);
  else rmSync(keptAt, { force: true });
  // Before Electron does it: it would go on with the activator that it finds in an entry of another program.
  shell.writeShortcutLink(path, entry);
  return () => {
    // An installer may have put its own there meanwhile.
    if (isOurs()) {
      if (before) writeFileSync(path, before);
      else rmSync(path, { force: true });
    }
    rmSync(keptAt, { force: true });
  };
}

function contentOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
