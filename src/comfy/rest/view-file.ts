import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import type { RestClient, RestOptions } from './rest-client.ts';

/** A file as `/view` sends it, not yet read. Its reader reads or cancels the body. */
export interface ViewAnswer {
  status: number;
  headers: {
    contentType: string;
    /** Bytes of the body; null if the server does not say. */
    contentLength: number | null;
    /** Which part of the file this is, for 206 and 416, for example `bytes 0-99/1000`. */
    contentRange: string | null;
    /** Tells this state of the file from others of the same name; null if the server does not say. */
    version: string | null;
  };
  body: ReadableStream<Uint8Array> | null;
}

export interface ViewOptions extends RestOptions {
  /** Re-encoded by the server as a light WebP of the same size in pixels; as a JPEG for programs that read no WebP. */
  thumbnail: boolean | 'jpeg';
  /** A `Range` header: only this part of the file, if the server can. */
  range?: string | null;
}

/** An executed file, as it is or as a light copy. */
export async function viewFile(
  client: RestClient,
  { filename, subfolder, type }: MediaFile,
  options: ViewOptions,
): Promise<ViewAnswer> {
  const preview = options.thumbnail === 'jpeg' ? 'jpeg;80' : 'webp;75';
  const query = { filename, subfolder, type, ...(options.thumbnail ? { preview } : {}) };
  const range = options.range ? { range: options.range } : {};
  // Compressing media gains nothing, and would hide its length.
  const response = await client.open('/view', query, { 'accept-encoding': 'identity', ...range }, options);
  const encoded = response.headers.has('content-encoding');
  return {
    status: response.status,
    headers: {
      contentType: response.headers.get('content-type') ?? 'application/octet-stream',
      contentLength: encoded ? null : lengthOf(response.headers.get('content-length')),
      contentRange: encoded ? null : rangeOf(response.headers.get('content-range')),
      version: response.headers.get('etag') ?? response.headers.get('last-modified'),
    },
    // A body that is not read yet is cancelled by `fetch` once its Response is garbage: the file would
    // come out empty. One that is being piped is not.
    body: response.body?.pipeThrough(new TransformStream<Uint8Array, Uint8Array>()) ?? null,
  };
}

function lengthOf(header: string | null): number | null {
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

function rangeOf(header: string | null): string | null {
  return header !== null && /^bytes (\d{1,15}-\d{1,15}|\*)\/(\d{1,15}|\*)$/.test(header) ? header : null;
}
