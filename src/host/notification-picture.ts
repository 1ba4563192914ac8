import type { ComfyRest } from '../comfy/comfy-rest.ts';
import type { MediaFile } from '../shared/executed-output.ts';

/** A picture that is larger (bytes) or takes longer (ms) is not waited for: the words matter more. */
const maxBytes = 8 * 1024 * 1024;
const patience = 900;

/** An executed image as a JPEG for a notification; null if it cannot be had soon. Never rejects. */
export async function fetchPicture(rest: ComfyRest, file: MediaFile): Promise<Buffer | null> {
  const signal = AbortSignal.timeout(patience);
  // Not left to the request alone: whatever it waits for, the notification does not.
  const late = new Promise<null>((done) => signal.addEventListener('abort', () => done(null)));
  return Promise.race([late, readPicture(rest, file, signal).catch(() => null)]);
}

async function readPicture(rest: ComfyRest, file: MediaFile, signal: AbortSignal): Promise<Buffer | null> {
  const { status, headers, body } = await rest.view(file, { thumbnail: 'jpeg', signal });
  if (status !== 200 || !body || !headers.contentType.startsWith('image/')) {
    await body?.cancel();
    return null;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxBytes || signal.aborted) return null;
  }
  return Buffer.concat(chunks);
}
