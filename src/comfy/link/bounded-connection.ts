import { connect, isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { MessageBound, type MessageBoundOptions } from './message-bound.ts';
import { pinnedTls, type ServerAccess } from './server-access.ts';

export interface BoundedConnectionOptions extends MessageBoundOptions {
  /** Hears of everything that comes in, also of parts of messages. */
  onHeard: () => void;
}

/**
 * A connection for a WebSocket to a server, from which messages that are too large are taken out. Throws for a
 * damaged certificate; everything else that goes wrong is an 'error' of the connection.
 */
export function boundedConnection(
  url: URL,
  certificate: ServerAccess['certificate'],
  options: BoundedConnectionOptions,
): Duplex {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isSecure = url.protocol === 'wss:';
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const socket = isSecure
    ? connectTls({
        host,
        port,
        servername: isIP(host) ? '' : host,
        ...(certificate === null ? {} : pinnedTls(certificate)),
      })
    : connect({ host, port });
  return new BoundedConnection(socket, new MessageBound(options), options.onHeard);
}

class BoundedConnection extends Duplex {
  readonly #socket: Socket;

  constructor(socket: Socket, bound: MessageBound, onHeard: () => void) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      // All of them: only the last one says whether there is room for more.
      const taken = bound.take(chunk).map((part) => this.push(part));
      if (taken.at(-1) === false) socket.pause();
      if (!bound.isEndless) onHeard();
    });
    socket.on('end', () => this.push(null));
    socket.on('timeout', () => this.emit('timeout'));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Node and `ws` set and end the time for the handshake with it, ms. */
  setTimeout(ms: number): this {
    this.#socket.setTimeout(ms);
    return this;
  }

  setNoDelay(on: boolean): this {
    this.#socket.setNoDelay(on);
    return this;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
