import path from 'node:path';
import type { MediaLibrary } from '../media/media-library.ts';
import type { RenderedFile } from '../media/media-renderer.ts';
import { emptyReply, type Reply } from './http-reply.ts';

/**
 * GET /view (server.py, view_image): the file or a part of it, or its re-encoded preview; 400, 403 and 404
 * like the real one.
 */
export async function viewFile(
  library: MediaLibrary,
  query: URLSearchParams,
  range?: string,
): Promise<Reply> {
  const asked = query.get('filename');
  if (asked === null) return emptyReply(404);
  const { name, folder } = withoutAnnotation(asked);
  if (name === '' || name.startsWith('/') || name.includes('..')) return emptyReply(400);
  const type = folder ?? query.get('type') ?? 'output';
  if (!['output', 'temp', 'input'].includes(type)) return emptyReply(400);
  const subfolder = path.posix.normalize(query.get('subfolder') || '.');
  if (subfolder.startsWith('..') || subfolder.startsWith('/')) return emptyReply(403);

  const filename = path.posix.basename(name);
  const place = subfolder === '.' ? '' : subfolder.replace(/\/$/, '');
  const preview = query.get('preview');
  const file =
    preview === null
      ? await library.file(type, place, filename)
      : await library.preview(type, place, filename, qualityOf(preview));
  if (!file) return emptyReply(404);
  const whole = fileReply(file, filename);
  // Only files go through aiohttp's FileResponse, which knows parts; previews are made in memory.
  return preview === null ? partOf(whole, file.bytes, range) : whole;
}

/** As aiohttp's FileResponse: one part; anything else it does not understand, and 416 says so. */
function partOf(whole: Reply, bytes: Buffer, range: string | undefined): Reply {
  const headers = { ...whole.headers, 'accept-ranges': 'bytes' };
  if (range === undefined) return { ...whole, headers };
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const start = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes.length : Math.min(bytes.length, Number(last) + 1);
  if ((first === '' && last === '') || start >= end)
    return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` } };
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` },
    body: bytes.subarray(start, end),
  };
}

/** `name.png [temp]` names the folder in the file name itself. */
function withoutAnnotation(asked: string): { name: string; folder?: string } {
  const match = /^(.*?) ?\[(output|input|temp)\]$/.exec(asked);
  return match?.[2] ? { name: match[1] ?? '', folder: match[2] } : { name: asked };
}

/** The number after the semicolon of `webp;75`; 90 without one. */
function qualityOf(preview: string): number {
  const last = preview.split(';').at(-1) ?? '';
  return /^\d+$/.test(last) ? Math.min(100, Math.max(1, Number(last))) : 90;
}

function fileReply({ bytes, contentType }: RenderedFile, filename: string): Reply {
  const name = Buffer.from(filename.replaceAll('\\', '\\\\').replaceAll('"', '\\"'), 'utf8').toString(
    'latin1',
  );
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'content-disposition': `filename="${name}"`,
      'x-content-type-options': 'nosniff',
    },
    body: bytes,
  };
}
