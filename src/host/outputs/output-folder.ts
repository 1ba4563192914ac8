import { realpath, stat } from 'node:fs/promises';
import nodePath, { basename, isAbsolute, join, type PlatformPath, relative, sep } from 'node:path';
import { fileExtension, type MediaFile } from '../../domain/outputs/executed-output.ts';

/**
 * Where a server on this machine may keep its output files, most trustworthy first: its own
 * `--output-directory`, `output` below `--base-directory` or below the folder of an absolute main
 * script (all from `/system_stats` `argv`), then `output` beside `custom_nodes` (from
 * `/internal/folder_paths`; ComfyUI is mostly started with a relative `main.py`).
 */
export function outputFolders(
  argv: readonly string[],
  customNodes: readonly string[],
  flavour: PlatformPath = nodePath,
): string[] {
  const option = (name: string): string | undefined => {
    const joined = argv.find((argument) => argument.startsWith(`${name}=`));
    return joined ? joined.slice(name.length + 1) : argv[argv.indexOf(name) + 1 || argv.length];
  };
  const named = option('--output-directory');
  const base = option('--base-directory');
  const script = argv[0];
  const guesses = [
    named,
    base === undefined ? undefined : flavour.join(base, 'output'),
    script !== undefined && flavour.isAbsolute(script) ? flavour.join(script, '..', 'output') : undefined,
    ...customNodes.map((folder) => flavour.join(folder, '..', 'output')),
  ];
  // A folder named by option is the only right one.
  const folders = named === undefined ? guesses : [named];
  const known = folders.filter((folder) => folder !== undefined);
  return [...new Set(known.filter((folder) => isOnThisMachine(folder, flavour)))];
}

/**
 * True for a folder that may be looked at on a server's word alone. On Windows that takes a drive: to look
 * at `\\host\share`, in any of its spellings, is to log in there, and the host could belong to anyone.
 */
export function isOnThisMachine(folder: string, flavour: PlatformPath = nodePath): boolean {
  return flavour.sep === '\\' ? /^[A-Za-z]:[\\/]/.test(folder) : flavour.isAbsolute(folder);
}

/**
 * The real path of an output file inside one of the folders, or null. A path that leads outside,
 * through `..` or links, does not count, nor one that a link makes another kind of file, nor a file of another size
 * (bytes) than the server's: behind a tunnel, "this machine" can be another one. Of a size that the server does not
 * tell, nothing is proven.
 */
export async function findInside(
  folders: readonly string[],
  file: MediaFile,
  size: number | null,
): Promise<string | null> {
  if (file.type !== 'output' || size === null) return null;
  for (const folder of folders) {
    try {
      const root = await realpath(folder);
      const path = await realpath(join(root, localPath(file.subfolder), file.filename));
      if (!isBelow(root, path) || fileExtension(basename(path)) !== fileExtension(file.filename)) continue;
      const found = await stat(path);
      if (found.isFile() && found.size === size) return path;
    } catch {
      // Not there, or not ours to read: try the next folder.
    }
  }
  return null;
}

/** A server on Windows separates folders by backslashes, whose files may be seen through a shared folder. */
function localPath(subfolder: string): string {
  return subfolder.replaceAll('\\', sep);
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
