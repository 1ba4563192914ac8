import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { MonitorHost } from '../host/monitor-host.ts';
import type { WebServer } from './web-server.ts';

/** A call as the page sends it; `id` comes back with the reply. */
const callFrameSchema = z.object({
  id: z.number().int(),
  call: z.string().max(100),
  request: z.unknown().optional(),
});

const maxCallBytes = 1024 * 1024;
/** A page that does not read what it is sent is cut off; it comes back and takes a snapshot. */
const maxUnsentBytes = 32 * 1024 * 1024;

/** Connects the pages in browser tabs to the host: calls and pushes as JSON text frames. */
export function openBridges(server: WebServer, host: MonitorHost): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxCallBytes, perMessageDeflate: false });
  server.onBridge((request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => connectPage(webSocket, host));
  });
  return {
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function connectPage(socket: WebSocket, host: MonitorHost): void {
  const send = (frame: object): void => {
    if (socket.bufferedAmount > maxUnsentBytes) socket.terminate();
    else socket.send(JSON.stringify(frame));
  };
  const page = host.openPage((push, payload) => send({ push, payload }));
  socket.on('message', (data) => {
    const frame = readFrame(String(data));
    if (!frame) return;
    void page.answer(frame.call, frame.request).then((reply) => send({ id: frame.id, reply }));
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
