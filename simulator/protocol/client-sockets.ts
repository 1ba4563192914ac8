import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isJsonObject, type Json, type JsonObject, parseJson } from './json.ts';

/** What a server of version 0.27 answers to a client's feature flags. */
export const serverFeatures: JsonObject = {
  supports_preview_metadata: true,
  supports_model_type_tags: true,
  max_upload_size: 104857600,
  extension: { manager: { supports_v4: true } },
  node_replacements: true,
  assets: false,
};

/** Bytes waiting to be sent to a client that has stopped reading; beyond them it misses messages. */
const backlogLimit = 8 * 1024 * 1024;

/** What the sockets ask of the server when a client connects. */
export interface Greeter {
  status(): JsonObject;
  /** The node being executed for this client, if it is the submitter of the running prompt. */
  currentNode(clientId: string): string | undefined;
  newClientId(): string;
}

/**
 * The WebSocket side: who is connected under which id, and who gets what. Mirrors server.py down to its habits:
 * a second socket under the same id silences the first without closing it, and the first one's end then
 * silences the second.
 */
export class ClientSockets {
  readonly #greeter: Greeter;
  readonly #server = new WebSocketServer({
    noServer: true,
    autoPong: false,
    maxPayload: 64 * 1024 * 1024,
  });
  readonly #named = new Map<string, WebSocket>();
  readonly #flags = new Map<string, JsonObject>();
  readonly #virtual = new Map<string, JsonObject>();
  #mute = false;

  /** Clients that get targeted messages too, whoever they are for: monitors that asked our companion node. */
  readonly #listeners = new Set<string>();
  /** Those of them that want previews, too. */
  readonly #viewers = new Set<string>();

  constructor(greeter: Greeter) {
    this.#greeter = greeter;
  }

  /** Sockets that are open, silenced ones included. */
  get count(): number {
    return this.#server.clients.size;
  }

  /** A client without a socket, such as a browser on another machine; only its feature flags matter. */
  addVirtualClient(clientId: string, flags: JsonObject): void {
    this.#virtual.set(clientId, flags);
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, clientId: string): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#welcome(webSocket, clientId || this.#greeter.newClientId().replaceAll('-', ''));
    });
  }

  /** Sends a connected client what is sent to others too, until it goes; false if there is no such client. */
  listenIn(clientId: string, previews: boolean): boolean {
    if (!this.#named.has(clientId)) return false;
    this.#listeners.add(clientId);
    if (previews) this.#viewers.add(clientId);
    else this.#viewers.delete(clientId);
    return true;
  }

  /** Whether the socket of a client is open. */
  isOpen(clientId: string): boolean {
    return this.#named.has(clientId);
  }

  /** Sends a JSON message to those who listen in. */
  sendToListeners(type: string, data: JsonObject): void {
    for (const id of this.#listeners) this.send(type, data, id);
  }

  /** Sends a JSON message to one client, or to all when the id is null; an id that is not connected gets nothing. */
  send(type: string, data: JsonObject, clientId: string | null): void {
    this.#deliver(JSON.stringify({ type, data }), clientId);
  }

  /** Sends a binary frame like a message. */
  sendBinary(bytes: Uint8Array, clientId: string | null): void {
    this.#deliver(bytes, clientId);
  }

  /** Sends a preview to its client, and to those who listen in and want previews. */
  sendPreview(bytes: Uint8Array, clientId: string | null): void {
    this.#deliver(bytes, clientId, this.#viewers);
  }

  /** Sends anything at all to all clients, well-formed or not. */
  sendRaw(frame: string | Uint8Array): void {
    this.#deliver(frame, null);
  }

  supports(clientId: string | null, feature: string): boolean {
    if (clientId === null) return false;
    return (this.#flags.get(clientId) ?? this.#virtual.get(clientId))?.[feature] === true;
  }

  /** True when a message to this client would reach a socket. */
  reaches(clientId: string | null): boolean {
    if (this.#mute) return false;
    return clientId === null ? this.#named.size > 0 : this.#named.has(clientId) || this.#listeners.size > 0;
  }

  /** Half-open: sockets stay, but nothing is sent any more, not even answers to pings. */
  setMute(mute: boolean): void {
    this.#mute = mute;
  }

  /** Cuts every connection without a goodbye. */
  drop(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#named.clear();
    this.#flags.clear();
    this.#listeners.clear();
    this.#viewers.clear();
  }

  #welcome(socket: WebSocket, id: string): void {
    this.#named.set(id, socket);
    this.#flags.set(id, {});
    const send = (type: string, data: JsonObject) => this.#transmit(socket, JSON.stringify({ type, data }));
    send('status', { status: this.#greeter.status(), sid: id });
    const node = this.#greeter.currentNode(id);
    if (node !== undefined) send('executing', { node });

    let isFirst = true;
    socket.on('message', (bytes, isBinary) => {
      if (isBinary) return;
      const message = parsed(String(bytes));
      if (message === undefined) return;
      if (isFirst && isJsonObject(message) && message.type === 'feature_flags') {
        const { data } = message;
        this.#flags.set(id, isJsonObject(data) ? data : {});
        const current = this.#named.get(id);
        if (current) this.#transmit(current, JSON.stringify({ type: 'feature_flags', data: serverFeatures }));
      }
      if (isJsonObject(message)) isFirst = false;
    });
    socket.on('ping', (data) => {
      if (!this.#mute) socket.pong(data);
    });
    socket.on('close', () => {
      this.#named.delete(id);
      this.#flags.delete(id);
      this.#listeners.delete(id);
      this.#viewers.delete(id);
    });
    socket.on('error', () => socket.terminate());
  }

  #deliver(
    frame: string | Uint8Array,
    clientId: string | null,
    listeners: ReadonlySet<string> = this.#listeners,
  ): void {
    const ids = clientId === null ? this.#named.keys() : new Set([clientId, ...listeners]);
    for (const id of ids) {
      const socket = this.#named.get(id);
      if (socket) this.#transmit(socket, frame);
    }
  }

  #transmit(socket: WebSocket, frame: string | Uint8Array): void {
    if (this.#mute || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > backlogLimit) return;
    socket.send(frame, { binary: typeof frame !== 'string' });
  }
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
