import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { CallReply } from '../contract/bridge/bridge.ts';
import type { MonitorHost } from '../host/monitor-host.ts';
import { acceptedLanguages } from '../host/program/host-language.ts';
import { t } from '../language/t.ts';
import type { WebServer } from './web-server.ts';

/** A call as the page sends it; `id` comes back with the reply. */
const callFrameSchema = z.object({
  id: z.number().int(),
  call: z.string().max(100),
  request: z.unknown().optional(),
});

const maxCallBytes = 1024 * 1024;
/**
 * A page that does not read what it is sent is cut off; it comes back and takes a snapshot. That itself may take its
 * time, however large it is: bytes besides the largest frame so far.
 */
const maxUnsentBytes = 32 * 1024 * 1024;

/** Connects the pages in browser tabs to the host: calls and pushes as JSON text frames. */
export function openBridges(server: WebServer, host: MonitorHost): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxCallBytes, perMessageDeflate: false });
  server.onBridge((request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const languages = acceptedLanguages(request.headers['accept-language']);
      // Programs ask for none.
      if (languages.length > 0) host.hearLanguages(languages);
      connectPage(webSocket, host);
    });
  });
  return {
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function connectPage(socket: WebSocket, host: MonitorHost): void {
  let largest = 0;
  const send = (frame: object): void => {
    if (socket.bufferedAmount > maxUnsentBytes + largest) {
      socket.terminate();
      return;
    }
    const bytes = Buffer.from(JSON.stringify(frame));
    largest = Math.max(largest, bytes.length);
    socket.send(bytes, { binary: false });
  };
  const reply = (id: number, answer: CallReply): void => {
    try {
      send({ id, reply: answer });
    } catch {
      // There are no texts of more than half a gigabyte.
      send({ id, reply: { ok: false, message: t('host.bridge.large') } });
    }
  };
  const page = host.openPage((push, payload) => send({ push, payload }));
  socket.on('message', (data) => {
    const frame = readFrame(String(data));
    if (!frame) return;
    void page.answer(frame.call, frame.request).then((answer) => reply(frame.id, answer));
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => page.close());
}

function readFrame(text: string): z.infer<typeof callFrameSchema> | null {
  try {
    return callFrameSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
