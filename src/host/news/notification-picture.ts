import type { ComfyRest } from '../../comfy/rest/comfy-rest.ts';
import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import { dropOldest } from '../../domain/values/drop-oldest.ts';

/** A picture that is larger (bytes) or takes longer (ms) is not waited for: the words matter more. */
const maxBytes = 8 * 1024 * 1024;
const patience = 900;
/** One that was asked for ahead may take longer, ms; and so many are held. */
const patienceAhead = 10_000;
const maxAhead = 4;

/** Executed images as JPEGs for notifications. */
export interface NotificationPictures {
  /**
   * Asks for an image that a notification will soon want. A server that has begun with its next prompt takes
   * half a second and more to encode one, so a request at the end of a prompt is often late.
   */
  askAhead(rest: ComfyRest, file: MediaFile): void;
  /** Null if it cannot be had soon. Never rejects. */
  picture(rest: ComfyRest, file: MediaFile): Promise<Buffer | null>;
  /** Drops what was asked for ahead. */
  stop(): void;
}

interface Ahead {
  picture: Promise<Buffer | null>;
  drop: () => void;
}

export function createNotificationPictures(): NotificationPictures {
  const ahead = new Map<string, Ahead>();

  function take(rest: ComfyRest, file: MediaFile): Ahead | undefined {
    const key = keyOf(rest, file);
    const taken = ahead.get(key);
    ahead.delete(key);
    return taken;
  }

  return {
    askAhead(rest, file) {
      if (ahead.has(keyOf(rest, file))) return;
      const dropped = new AbortController();
      const signal = AbortSignal.any([dropped.signal, AbortSignal.timeout(patienceAhead)]);
      const picture = readPicture(rest, file, signal).catch(() => null);
      ahead.set(keyOf(rest, file), { picture, drop: () => dropped.abort() });
      dropOldest(ahead, maxAhead, ({ drop }) => drop());
    },
    picture(rest, file) {
      const signal = AbortSignal.timeout(patience);
      // Not left to the request alone: whatever it waits for, the notification does not.
      const late = new Promise<null>((done) => signal.addEventListener('abort', () => done(null)));
      const asked = take(rest, file);
      if (asked) signal.addEventListener('abort', asked.drop);
      const picture = asked?.picture ?? readPicture(rest, file, signal).catch(() => null);
      return Promise.race([late, picture]);
    },
    stop() {
      for (const { drop } of ahead.values()) drop();
      ahead.clear();
    },
  };
}

function keyOf(rest: ComfyRest, { type, subfolder, filename }: MediaFile): string {
  return JSON.stringify([rest.url, type, subfolder, filename]);
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
