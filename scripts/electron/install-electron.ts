/**
 * Runs Electron's own installer (`INSTALLER PATIENCE_MS`), and tells the process that started this how far it is.
 * What it fetches is given up when nothing comes for so long.
 */
import { createRequire } from 'node:module';
import type { Progress } from './electron-installation.ts';

const [installer = '', patience] = process.argv.slice(2);
const patienceMs = Number(patience);
/** A download comes in thousands of pieces, ms. */
const tellEvery = 200;
const fetchUnwatched = globalThis.fetch;

// The result is not waited for any more.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
globalThis.fetch = watchedFetch;
createRequire(import.meta.url)(installer);

async function watchedFetch(...[address, options]: Parameters<typeof fetch>): Promise<Response> {
  const stalled = new AbortController();
  const giveUp = (): void => stalled.abort(new Error(`nothing came for ${patienceMs / 1000} s`));
  let watchdog = setTimeout(giveUp, patienceMs);
  tell({ doing: 'downloading', received: 0, total: null });
  try {
    const response = await fetchUnwatched(address, { ...options, signal: stalled.signal });
    // The installer's own message would name no address: that is lost in the copy below.
    if (!response.ok) throw new Error(`${response.url} answered ${response.status} ${response.statusText}`);
    if (!response.body) return response;
    return new Response(ReadableStream.from(watched(response.body, response.headers)), response);
  } catch (cause) {
    clearTimeout(watchdog);
    // The outermost says no more than "fetch failed", and it is all that the installer prints.
    throw innermost(cause);
  }

  async function* watched(body: ReadableStream<Uint8Array>, headers: Headers) {
    const total = Number(headers.get('content-length')) || null;
    let received = 0;
    let toldAt = 0;
    try {
      for await (const chunk of body) {
        clearTimeout(watchdog);
        watchdog = setTimeout(giveUp, patienceMs);
        received += chunk.length;
        if (performance.now() - toldAt > tellEvery) {
          toldAt = performance.now();
          tell({ doing: 'downloading', received, total });
        }
        yield chunk;
      }
    } catch (cause) {
      throw innermost(cause);
    } finally {
      clearTimeout(watchdog);
    }
    tell({ doing: 'unpacking' });
  }
}

function tell(progress: Progress): void {
  process.send?.(progress);
}

function innermost(cause: unknown): unknown {
  return cause instanceof Error && cause.cause instanceof Error ? innermost(cause.cause) : cause;
}
