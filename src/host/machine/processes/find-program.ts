import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

export interface ProgramPlace {
  /** Node's name of the system. */
  platform: string;
  env: NodeJS.ProcessEnv;
}

/**
 * The absolute path of a program on PATH, or in one of some more folders; null if it is nowhere. What PATH says of
 * the current folder is left out: whoever may write there must not choose what runs.
 */
export function findProgram(
  name: string,
  { platform, env }: ProgramPlace,
  moreFolders: readonly string[] = [],
): string | null {
  const { delimiter, isAbsolute, join } = platform === 'win32' ? win32 : posix;
  const named = (env.PATH ?? env.Path ?? '').split(delimiter);
  // Windows' own folders come first, as the system itself looks there before PATH.
  const folders = platform === 'win32' ? [...moreFolders, ...named] : [...named, ...moreFolders];
  for (const folder of folders) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (isProgram(path)) return path;
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
