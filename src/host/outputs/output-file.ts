import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ComfyRest } from '../../comfy/rest/comfy-rest.ts';
import { type MediaFile, shownName } from '../../domain/outputs/executed-output.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { formatBytes } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { findInside, outputFolders } from './output-folder.ts';
import { isOpenable, safeName } from './safe-name.ts';

/** The largest file (bytes) that is downloaded to be opened. */
export const maxDownload = 1024 ** 3;

export type OutputFile = { ok: true; path: string; original: boolean } | { ok: false; message: string };

/** Names an executed file, and where its original may be. */
export interface OriginalRequest {
  file: MediaFile;
  rest: ComfyRest;
  /** The server's output folder, if the user set it. */
  folder: string | null;
}

export interface OutputFileRequest extends OriginalRequest {
  /** Folder for downloaded copies. */
  cacheDir: string;
  log: (line: string) => void;
  /** Hears of a download's beginning and of every piece of it: bytes so far and in all. */
  onProgress?: (received: number, total: number | null) => void;
  /** Ends a download. */
  signal?: AbortSignal;
  /** For tests: less than `maxDownload`. */
  maxBytes?: number;
}

/**
 * Finds a file on this machine that shows an executed output: the original, if it is proven to lie in the
 * folder that the user set or in the one of a server that runs here, else a downloaded copy. Never rejects.
 */
export async function findOutputFile(request: OutputFileRequest): Promise<OutputFile> {
  const { file, rest, maxBytes = maxDownload } = request;
  if (!isOpenable(file.filename)) return failed(t('host.output.unsafe', { name: shownName(file) }));
  const controller = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, controller.signal]) : controller.signal;
  try {
    const answer = await rest.view(file, { thumbnail: false, signal });
    if (answer.status === 404) return failed(t('host.output.gone', { name: shownName(file) }));
    if (answer.status !== 200 || !answer.body)
      return failed(t('host.output.refused', { name: shownName(file), status: answer.status }));
    const { contentLength: size, version } = answer.headers;
    const original = await findOriginal(request, size);
    if (original !== null) return { ok: true, path: original, original: true };
    if (size !== null && size > maxBytes) return tooLarge(file);
    const path = join(request.cacheDir, safeName(rest.url, file, version));
    const isThere = version !== null && size !== null && (await isCopy(path, size));
    if (!isThere)
      await download(answer.body, request.cacheDir, path, {
        signal,
        check: countBytes(maxBytes, (received) => request.onProgress?.(received, size)),
      });
    return { ok: true, path, original: false };
  } catch (cause) {
    if (cause instanceof TooLarge) return tooLarge(file);
    if (request.signal?.aborted) return failed(t('host.output.cancelled', { name: shownName(file) }));
    request.log(`opening ${shownName(file)} failed: ${causeText(cause)}`);
    return failed(t('host.output.failed', { name: shownName(file) }));
  } finally {
    controller.abort();
  }
}

/** Where the original of an executed file lies on this machine, or null unless that is proven. Never rejects. */
export async function findOriginalPath(request: OriginalRequest): Promise<string | null> {
  const { rest, folder, file } = request;
  if (!isOpenable(file.filename) || (folder === null && !isLoopback(rest.url))) return null;
  const controller = new AbortController();
  try {
    const { status, headers } = await rest.view(file, { thumbnail: false, signal: controller.signal });
    return status === 200 ? await findOriginal(request, headers.contentLength) : null;
  } catch {
    return null;
  } finally {
    controller.abort();
  }
}

/** True if this version was downloaded before; it then counts as used now. */
async function isCopy(path: string, size: number): Promise<boolean> {
  try {
    const found = await stat(path);
    if (!found.isFile() || found.size !== size) return false;
    const now = new Date();
    await utimes(path, now, now);
    return true;
  } catch {
    return false;
  }
}

async function findOriginal(
  { rest, folder, file }: OriginalRequest,
  size: number | null,
): Promise<string | null> {
  const found = folder === null ? null : await findInside([folder], file, size);
  if (found !== null || !isLoopback(rest.url)) return found;
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
  { signal, check }: { signal: AbortSignal; check: Transform },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  // A name of its own: after a double click two downloads of the same file run at once.
  const fresh = `${path}.${randomUUID()}.part`;
  try {
    await pipeline(body, check, createWriteStream(fresh, { mode: 0o600 }), { signal });
    await rename(fresh, path);
  } finally {
    await rm(fresh, { force: true });
  }
}

class TooLarge extends Error {}

/** Tells how many bytes have passed, and lets no more than `limit` pass. */
function countBytes(limit: number, onCount: (seen: number) => void): Transform {
  let seen = 0;
  onCount(seen);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(new TooLarge());
      else {
        onCount(seen);
        done(null, chunk);
      }
    },
  });
}

/** True for an address that leads to this computer, or to a tunnel that begins here. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function tooLarge(file: MediaFile): OutputFile {
  return failed(t('host.output.large', { name: shownName(file), size: formatBytes(maxDownload) }));
}

function failed(message: string): OutputFile {
  return { ok: false, message };
}
