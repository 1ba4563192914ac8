/** The screen and the keyboard of the desktop, as far as this system lets programs have them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasTool, runTool } from '../tool.ts';

/** Programs that take a picture of the whole screen into a file, on X11 and on Wayland. */
const cameras: Record<'x11' | 'wayland', readonly [program: string, args: (file: string) => string[]][]> = {
  x11: [
    ['scrot', (file) => ['--overwrite', file]],
    ['import', (file) => ['-window', 'root', file]],
    ['gnome-screenshot', (file) => ['--file', file]],
  ],
  wayland: [
    ['grim', (file) => [file]],
    ['gnome-screenshot', (file) => ['--file', file]],
  ],
};

/** X11, Wayland, Windows or macOS. */
export type Windowing = 'x11' | 'wayland' | 'win32' | 'darwin';

/** What this desktop most likely is; the app tells better when it runs. */
export function likelyWindowing(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): Windowing {
  if (platform === 'win32' || platform === 'darwin') return platform;
  return environment.WAYLAND_DISPLAY ? 'wayland' : 'x11';
}

/** A PNG of the whole screen; null where nothing can take one. */
export async function pictureOfScreen(windowing: Windowing = likelyWindowing()): Promise<Buffer | null> {
  if (windowing !== 'x11' && windowing !== 'wayland') return null;
  const camera = cameras[windowing].find(([program]) => hasTool(program));
  if (!camera) return null;
  const folder = await mkdtemp(join(tmpdir(), 'screen-'));
  const file = join(folder, 'screen.png');
  try {
    await runTool(camera[0], camera[1](file), 20_000);
    return await readFile(file);
  } catch {
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why no key can be pressed from outside; null if it can. */
export function keyboardObstacle(windowing: Windowing): string | null {
  if (windowing !== 'x11') return 'only X11 lets a program press keys for others';
  return hasTool('xdotool') ? null : 'xdotool is not installed';
}

/** Presses keys as a user does, for example `ctrl+q`. */
export async function pressKeys(keys: string): Promise<void> {
  await runTool('xdotool', ['key', '--clearmodifiers', keys]);
}

export async function movePointer(x: number, y: number): Promise<void> {
  await runTool('xdotool', ['mousemove', String(x), String(y)]);
}

export async function clickAt(x: number, y: number, button: 1 | 3): Promise<void> {
  await runTool('xdotool', ['mousemove', String(x), String(y), 'click', String(button)]);
}
