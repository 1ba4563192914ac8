import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export interface PageFile {
  contentType: string;
  body: Buffer;
}

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
]);

/**
 * Reads the built page into memory, by path below its folder. Requests are answered from this list
 * alone, so no request can reach another file. Throws if the page was not built.
 */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  await readFolder(folder, '', files).catch(() => files.clear());
  if (!files.has('index.html')) throw new Error('The page is not built. Run "npm run build" first.');
  return files;
}

// Folder by folder: inside a packaged app `readdir` does not know `recursive`.
async function readFolder(folder: string, prefix: string, files: Map<string, PageFile>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const contentType = contentTypes.get(extname(entry.name));
    if (entry.isDirectory()) await readFolder(path, `${prefix}${entry.name}/`, files);
    else if (contentType) files.set(prefix + entry.name, { contentType, body: await readFile(path) });
  }
}
