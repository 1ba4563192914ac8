import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ComfyRest } from '../comfy/comfy-rest.ts';
import type { MediaFile } from '../shared/executed-output.ts';
import { formatBytes } from '../shared/format.ts';
import { findInside, outputFolders } from './output-folder.ts';
import { isOpenable, safeName } from './safe-name.ts';

/** The largest file (bytes) that is downloaded to be opened. */
export const maxDownload = 1024 ** 3;

export type OutputFile = { ok: true; path: string; original: boolean } | { ok: false; message: string };

export interface OutputFileRequest {
  file: MediaFile;
  rest: ComfyRest;
  /** Folder for downloaded copies. */
  cacheDir: string;
  log: (line: string) => void;
  /** For tests: less than `maxDownload`. */
  maxBytes?: number;
}

/**
 * Finds a file on this machine that shows an executed output: the original, if the server runs here and
 * the file is proven to lie in its output folder, else a downloaded copy. Never rejects.
 */
export async function findOutputFile(request: OutputFileRequest): Promise<OutputFile> {
  const { file, rest, maxBytes = maxDownload } = request;
  if (!isOpenable(file.filename))
    return failed(`${file.filename} is not a media file, so it is not opened for safety's sake.`);
  const controller = new AbortController();
  try {
    const answer = await rest.view(file, { thumbnail: false, signal: controller.signal });
    if (answer.status === 404) return failed(`${file.filename} is not on the server any more.`);
    if (answer.status !== 200 || !answer.body)
      return failed(`The server refused to give ${file.filename} (status ${answer.status}).`);
    const size = answer.headers.contentLength;
    const original = isLoopback(rest.url) ? await findOriginal(rest, file, size) : null;
    if (original !== null) return { ok: true, path: original, original: true };
    if (size !== null && size > maxBytes) return tooLarge(file);
    const path = join(request.cacheDir, safeName(rest.url, file));
    await download(answer.body, request.cacheDir, path, maxBytes);
    return { ok: true, path, original: false };
  } catch (cause) {
    if (cause instanceof TooLarge) return tooLarge(file);
    request.log(`opening ${file.filename} failed: ${String(cause)}`);
    return failed(`${file.filename} could not be fetched. Check the connection to the server and try again.`);
  } finally {
    controller.abort();
  }
}

async function findOriginal(rest: ComfyRest, file: MediaFile, size: number | null): Promise<string | null> {
  const argv = await rest.systemStats().then(
    (stats) => stats.argv,
    () => [],
  );
  const customNodes = await rest.customNodeFolders().catch(() => []);
  return findInside(outputFolders(argv, customNodes), file, size);
}

async function download(
  body: ReadableStream<Uint8Array>,
  folder: string,
  path: string,
  maxBytes: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  // A name of its own: after a double click two downloads of the same file run at once.
  const fresh = `${path}.${randomUUID()}.part`;
  try {
    await pipeline(body, limitBytes(maxBytes), createWriteStream(fresh, { mode: 0o600 }));
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
}

class TooLarge extends Error {}

function limitBytes(limit: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(new TooLarge());
      else done(null, chunk);
    },
  });
}

/** True for an address that leads to this computer, or to a tunnel that begins here. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function tooLarge(file: MediaFile): OutputFile {
  return failed(`${file.filename} is larger than ${formatBytes(maxDownload)}; open it in ComfyUI instead.`);
}

function failed(message: string): OutputFile {
  return { ok: false, message };
}
