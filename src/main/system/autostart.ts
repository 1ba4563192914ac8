import { access, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { replaceFile, replaceFileNow, sweepLeftovers } from '../../host/storage/replace-file.ts';
import { readText, readTextNow } from '../../host/storage/text-file.ts';

/** What is started at login; null for nothing. */
export type Autostart = { program: string; args: readonly string[] } | null;

/**
 * Where desktops of Linux look for what to start at login (XDG autostart specification). By the name of the entry
 * they also know what they started: it is the app's id, which portals ask for.
 */
export function autostartPath(
  id: string,
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  return join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'autostart', `${id}.desktop`);
}

/** Gives an entry that was written under another name its name of today: two would start the app twice. */
export async function renameAutostart(from: string, to: string): Promise<void> {
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  if (!(await isThere(from))) return;
  if (await isThere(to)) await rm(from, { force: true });
  else await rename(from, to);
}

/**
 * Writes or removes the autostart entry. Of one that is there only the program is changed, and only where it starts
 * another one: desktops write into the entry when the user switches it off there.
 */
export async function setAutostart(path: string, wanted: Autostart): Promise<void> {
  if (!wanted) {
    await rm(path, { force: true });
    return;
  }
  const command = commandLine(wanted);
  sweepLeftovers(path);
  const read = await readText(path);
  const present = read.found === 'text' ? read.text : '';
  const started = startedBy(present);
  if (started === command) return;
  await replaceFile(path, started === null ? entryFor(command) : withCommand(present, command));
}

/**
 * Lets the entry, if there is one, start the program where it is from now on. At once, for an update that was
 * installed while the app ends: the next login comes before the next start.
 */
export function moveAutostartNow(path: string, from: string, to: string): void {
  const read = readTextNow(path);
  if (read.found !== 'text') return;
  const present = read.text;
  const started = startedBy(present);
  const before = commandLine({ program: from, args: [] });
  // What starts something else is none of ours.
  if (started !== before && !started?.startsWith(`${before} `)) return;
  const command = commandLine({ program: to, args: [] });
  replaceFileNow(path, withCommand(present, `${command}${started.slice(before.length)}`));
}

function entryFor(command: string): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Comfy Monitor',
    'Comment=Watches ComfyUI',
    `Exec=${command}`,
    'Icon=comfy-monitor',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  return `${lines.join('\n')}\n`;
}

/** The command of an entry; null for none. */
function startedBy(entry: string): string | null {
  return /^Exec=(.*)$/m.exec(entry)?.[1] ?? null;
}

function withCommand(entry: string, command: string): string {
  // A function, because a text would have its dollar signs read.
  return entry.replace(/^Exec=.*$/m, () => `Exec=${command}`);
}

function commandLine({ program, args }: NonNullable<Autostart>): string {
  return [program, ...args].map(quoted).join(' ');
}

/** As the desktop entry specification wants it: quoted, then escaped once more as a string value. */
function quoted(argument: string): string {
  const literal = argument.replaceAll('%', '%%');
  if (/^[\w%+,./:=@-]+$/.test(literal)) return literal;
  return `"${literal.replace(/["`$\\]/g, '\\$&')}"`.replaceAll('\\', '\\\\');
}
