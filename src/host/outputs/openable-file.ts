import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isOpenable } from './safe-name.ts';

/**
 * A file that may be handed to the programs of the desktop: it is there, a file, and by its real name one that a
 * viewer only displays. A link that looks like a picture can lead to something that is run.
 */
export class OpenableFile {
  // Private, so that nothing that only looks like one passes for one.
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Without links in it. */
  get path(): string {
    return this.#path;
  }

  /** The file that a path leads to; null for one that is not there or must not be opened. Never rejects. */
  static async at(path: string): Promise<OpenableFile | null> {
    try {
      const real = await realpath(path);
      const proven = isOpenable(basename(real)) && (await stat(real)).isFile();
      return proven ? new OpenableFile(real) : null;
    } catch {
      return null;
    }
  }
}
