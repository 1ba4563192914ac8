import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';

/** Something that is not ComfyUI: answers every request, WebSocket handshakes too, in the same way. */
export interface AnsweringServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface AnsweringServerOptions {
  status: number;
  body?: string;
  /** Speaks https, with a certificate that nobody knows. */
  secure?: boolean;
}

export async function startAnsweringServer(options: AnsweringServerOptions): Promise<AnsweringServer> {
  const { status, body = '', secure = false } = options;
  const answer: RequestListener = (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(body);
  };
  const server = secure
    ? createTlsServer({ cert: readCertificate('cert'), key: readCertificate('key') }, answer)
    : createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function readCertificate(part: 'cert' | 'key'): string {
  const folder = join(import.meta.dirname, '..', 'src', 'comfy', 'testing');
  return readFileSync(join(folder, `test-only-pinned.${part}.pem`), 'utf8');
}
