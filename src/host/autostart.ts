import { readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from './replace-file.ts';

/** What is started at login; null for nothing. */
export type Autostart = { program: string; args: readonly string[] } | null;

/** Where desktops of Linux look for what to start at login (XDG autostart specification). */
export function autostartPath(
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  return join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'autostart', 'comfy-monitor.desktop');
}

/**
 * Writes or removes the autostart entry. An entry that starts the right thing already is left as it is:
 * desktops write into it when the user switches it off there.
 */
export async function setAutostart(path: string, wanted: Autostart): Promise<void> {
  if (!wanted) {
    await rm(path, { force: true });
    return;
  }
  const exec = `Exec=${[wanted.program, ...wanted.args].map(quoted).join(' ')}`;
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present.split('\n').includes(exec)) return;
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Comfy Monitor',
    'Comment=Watches ComfyUI',
    exec,
    'Icon=comfy-monitor',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  await replaceFile(path, `${lines.join('\n')}\n`);
}

/** As the desktop entry specification wants it: quoted, then escaped once more as a string value. */
function quoted(argument: string): string {
  const literal = argument.replaceAll('%', '%%');
  if (/^[\w%+,./:=@-]+$/.test(literal)) return literal;
  return `"${literal.replace(/["`$\\]/g, '\\$&')}"`.replaceAll('\\', '\\\\');
}
