import type { Monitors } from '../comfy/monitors.ts';
import { mediaFileSchema } from '../domain/outputs/executed-output.ts';

/** A page's request below `HostInfo.mediaBase`, for example `/SERVER/view?filename=…`. */
export interface MediaRequest {
  path: string;
  query: URLSearchParams;
  /** The `Range` header: players ask for parts of a file to seek in it. */
  range: string | null;
  /** Aborted when the page does not wait for the answer any more. Cancelling its body has the same effect. */
  signal?: AbortSignal;
}

/**
 * Answers media requests of the page. Only executed files and previews of watched servers can be
 * reached, whatever the page asks for, and only as media: nothing a server sends is ever run.
 */
export async function answerMedia(monitors: Monitors, request: MediaRequest): Promise<Response> {
  const [, encodedId = '', action, ...rest] = request.path.split('/');
  const serverId = decode(encodedId);
  const monitor = serverId === null ? undefined : monitors.get(serverId);
  if (serverId === null || !monitor || rest.length > 0) return refusal(404, 'No such server.');
  if (action === 'preview') {
    const preview = monitors.latestPreview(serverId);
    if (!preview) return refusal(404, 'No preview.');
    const headers = headersFor(preview.mimeType, null);
    // The newest frame, whichever was asked for: it must not be cached under another one's number.
    headers.set('cache-control', 'no-store');
    return new Response(new Uint8Array(preview.bytes), { headers });
  }
  if (action !== 'view') return refusal(404, 'No such resource.');

  const file = mediaFileSchema.safeParse({
    filename: request.query.get('filename'),
    subfolder: request.query.get('subfolder') ?? '',
    type: request.query.get('type') ?? 'output',
  });
  if (!file.success) return refusal(400, 'Not an executed file.');
  const thumbnail = request.query.get('variant') === 'thumbnail';
  try {
    const range = request.range !== null && singleRange.test(request.range) ? request.range : null;
    const answer = await monitor.rest.view(file.data, { thumbnail, range, signal: request.signal });
    const { contentType, contentLength, contentRange } = answer.headers;
    const isPart = answer.status === 206 && range !== null && contentRange !== null;
    if (answer.status !== 200 && !isPart) {
      await answer.body?.cancel();
      if (answer.status === 416 && range !== null) return outOfRange(contentRange);
      return refusal(answer.status === 404 ? 404 : 502, `The server answered ${answer.status}.`);
    }
    const headers = headersFor(contentType, contentLength);
    if (isPart) {
      headers.set('content-range', contentRange);
      headers.set('accept-ranges', 'bytes');
    }
    return new Response(answer.body, { status: isPart ? 206 : 200, headers });
  } catch {
    return refusal(502, 'The server could not be reached.');
  }
}

/** One part of a file; several at once, which come as multipart, no player asks for. */
const singleRange = /^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/;

function outOfRange(contentRange: string | null): Response {
  const response = refusal(416, 'The file has no such part.');
  if (contentRange !== null) response.headers.set('content-range', contentRange);
  return response;
}

const shownTypes =
  /^(image\/(png|jpeg|webp|gif|avif|bmp|apng)|video\/(mp4|webm|quicktime|x-matroska)|audio\/(mpeg|wav|x-wav|flac|x-flac|ogg|opus|mp4|aac))$/;

/** Types that can carry scripts (SVG, HTML) or that we do not know are only ever downloaded. */
function headersFor(contentType: string, length: number | null): Headers {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const shown = shownTypes.test(type);
  return new Headers({
    'content-type': shown ? type : 'application/octet-stream',
    'content-disposition': shown ? 'inline' : 'attachment',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=600',
    ...(length === null ? {} : { 'content-length': String(length) }),
  });
}

function refusal(status: number, message: string): Response {
  return new Response(message, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
