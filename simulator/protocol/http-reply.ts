import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Json, parseJson } from './json.ts';

/** What a route answers. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** ComfyUI's default for `--max-upload-size` is 100 MB; prompts stay far below this. */
const bodyLimit = 32 * 1024 * 1024;

/** The request's body is too large to be read. */
export class BodyTooLarge extends Error {}

export function jsonReply(value: unknown, status = 200): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

export function emptyReply(status = 200): Reply {
  return { status };
}

/** Reads a JSON body; throws SyntaxError when it is none, BodyTooLarge beyond the limit. */
export async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > bodyLimit) throw new BodyTooLarge();
    chunks.push(bytes);
  }
  return parseJson(Buffer.concat(chunks).toString('utf8'));
}

export function writeReply(response: ServerResponse, { status, headers = {}, body = '' }: Reply): void {
  response.writeHead(status, {
    server: 'Python/3.12 aiohttp/3.14.5',
    ...headers,
    // Last: Node decodes a `content-disposition` that follows it, and then refuses what is not Latin-1.
    'content-length': Buffer.byteLength(body),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
