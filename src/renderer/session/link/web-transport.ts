import { z } from 'zod';
import { BridgeError } from '../../../contract/bridge/bridge.ts';
import { doublingWait, jittered } from '../../../domain/values/doubling-wait.ts';
import { t } from '../../../language/t.ts';
import type { LinkState, LinkTransport } from './link-transport.ts';

/** What the browser host sends: the reply to the call numbered `id`, or a push. */
const frameSchema = z.union([
  z.object({ id: z.number().int(), reply: z.unknown() }),
  z.object({ push: z.string(), payload: z.unknown() }),
]);

/** As much of a WebSocket as is needed here. */
export type PageSocket = Pick<WebSocket, 'send' | 'close' | 'addEventListener' | 'readyState'>;

export interface WebTransport extends LinkTransport {
  /** Tries again now instead of waiting, for example because the page is looked at again. */
  hurry(): void;
  close(): void;
}

interface PendingCall {
  frame: string;
  resolve: (reply: unknown) => void;
  reject: (cause: Error) => void;
}

/** Waits before the host is connected to again, ms: they double from the first to the longest. */
const reconnectDelays = { first: 500, longest: 10_000 };
const openState = 1;

/** The bridge's address: beside the page, so that the page's own key is part of it. */
export function bridgeAddress(page: string): URL {
  const url = new URL('./bridge', page);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  url.hash = '';
  return url;
}

/**
 * Carries calls and pushes over a WebSocket as JSON text frames and reconnects by itself, waiting
 * 0.5 s to 10 s. Calls made while the socket is being opened wait for it; calls that are under way
 * when it closes are rejected with a `BridgeError`.
 */
export function createWebTransport(
  address: URL,
  open: (url: URL) => PageSocket = (url) => new WebSocket(url),
): WebTransport {
  const pushListeners = new Set<(name: string, payload: unknown) => void>();
  const linkListeners = new Set<(state: LinkState) => void>();
  const pending = new Map<number, PendingCall>();
  let socket: PageSocket | null = null;
  let attempts = 0;
  let lastId = 0;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    clearTimeout(timer);
    timer = undefined;
    const current = open(address);
    socket = current;
    tellLink('connecting');
    current.addEventListener('open', () => {
      attempts = 0;
      for (const call of pending.values()) current.send(call.frame);
      tellLink('open');
    });
    current.addEventListener('message', (message) => take(message.data));
    current.addEventListener('close', () => {
      if (socket !== current) return;
      socket = null;
      failCalls();
      if (closed) return;
      tellLink('lost');
      timer = setTimeout(connect, delayBefore(attempts));
      attempts += 1;
    });
  }

  function take(data: unknown): void {
    const frame = readFrame(data);
    if (!frame) return;
    if ('push' in frame) {
      for (const listener of pushListeners) listener(frame.push, frame.payload);
      return;
    }
    pending.get(frame.id)?.resolve(frame.reply);
    pending.delete(frame.id);
  }

  function failCalls(): void {
    const failed = [...pending.values()];
    pending.clear();
    for (const call of failed) call.reject(new BridgeError(hostGone()));
  }

  function tellLink(state: LinkState): void {
    for (const listener of linkListeners) listener(state);
  }

  connect();
  return {
    call(name, request) {
      if (!socket) return Promise.reject(new BridgeError(hostGone()));
      lastId += 1;
      const id = lastId;
      const frame = JSON.stringify({ id, call: name, request });
      if (socket.readyState === openState) socket.send(frame);
      return new Promise((resolve, reject) => pending.set(id, { frame, resolve, reject }));
    },
    onPush(listener) {
      pushListeners.add(listener);
      return () => pushListeners.delete(listener);
    },
    onLink(listener) {
      linkListeners.add(listener);
      return () => linkListeners.delete(listener);
    },
    hurry() {
      if (!socket && !closed) connect();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
      failCalls();
    },
  };
}

const hostGone = (): string => t('frame.host_silent');

/** ms; by chance, so that several tabs do not come back at the same moment. */
function delayBefore(attempts: number): number {
  return jittered(doublingWait(attempts, reconnectDelays), 0.25, Math.random());
}

function readFrame(data: unknown): z.infer<typeof frameSchema> | null {
  if (typeof data !== 'string') return null;
  try {
    return frameSchema.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}
