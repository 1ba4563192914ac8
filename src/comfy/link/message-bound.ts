import { cutText } from '../wire/wire-values.ts';

/** A WebSocket message that was left out because it is too large. */
export interface TooLarge {
  /** As far as its frames had said when that was decided. */
  bytes: number;
  /** How its payload begins, as text. */
  sample: string;
}

export interface MessageBoundOptions {
  /** Bytes that a message may have at most. */
  maxText: number;
  maxBinary: number;
  onTooLarge: (message: TooLarge) => void;
}

const maxSampleBytes = 200;
/** Bytes of a frame that no server can mean, and that would keep the line busy for minutes. */
const endless = 2 ** 30;
const maxParts = 10_000;
const nothing = Buffer.alloc(0);
const headEnd = Buffer.from('\r\n\r\n');
/** A handshake without an end is not looked at for ever, bytes. */
const maxHead = 65_536;

/** Opcodes of RFC 6455, 5.2; from `control` on they are no data. */
const text = 1;
const control = 8;

interface Frame {
  isControl: boolean;
  /** The last one of its message. */
  isFinal: boolean;
  /** What becomes of it: handed on at once, kept until the message is complete, or left out. */
  fate: 'pass' | 'hold' | 'drop';
  /** Bytes of its payload that are still to come. */
  left: number;
}

/**
 * Takes messages that are too large out of what a server sends over a WebSocket, before they are gathered: such a
 * message costs neither memory nor the connection. `ws` can only close on them, and a server that sends one again and
 * again would never be heard. What breaks the protocol is handed on for `ws` to refuse.
 */
export class MessageBound {
  readonly #options: MessageBoundOptions;
  /** What came of the handshake's answer, null behind it. */
  #head: Buffer | null = nothing;
  /** No WebSocket after all. */
  #isOther = false;
  /** What came of a frame's header. */
  #header = nothing;
  #frame: Frame | null = null;
  /** The message that is being sent; it may come in several frames. */
  #message: { isText: boolean; bytes: number; isDropped: boolean } | null = null;
  #held: Buffer[] = [];
  /** What is to be reported of a message that is left out, once its beginning is there. */
  #sample: Buffer | null = null;

  constructor(options: MessageBoundOptions) {
    this.#options = options;
  }

  /** Whether a message goes on that says of itself that it never ends: bytes of it are no sign of life. */
  get isEndless(): boolean {
    return (this.#frame?.left ?? 0) > endless;
  }

  /** Takes the next bytes from the server; gives what is to be handed on. */
  take(chunk: Buffer): Buffer[] {
    if (this.#isOther) return [chunk];
    if (this.#head === null) return this.#takeFrames(chunk);
    const before = this.#head.length;
    const head = Buffer.concat([this.#head, chunk]);
    const end = head.indexOf(headEnd, Math.max(0, before - headEnd.length));
    if (end === -1) {
      this.#head = head;
      this.#isOther = head.length > maxHead;
      return [chunk];
    }
    this.#head = null;
    this.#isOther = !/^HTTP\/1\.1 101\b/.test(head.toString('latin1', 0, 16));
    if (this.#isOther) return [chunk];
    const rest = end + headEnd.length - before;
    return [chunk.subarray(0, rest), ...this.#takeFrames(chunk.subarray(rest))];
  }

  #takeFrames(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#frame === null) {
        at += this.#takeHeader(chunk, at, out);
        continue;
      }
      const part = chunk.subarray(at, at + this.#frame.left);
      at += part.length;
      this.#frame.left -= part.length;
      this.#put(part, this.#frame, out);
      if (this.#frame.left === 0) this.#endFrame(this.#frame, out);
    }
    return out;
  }

  /** Gives how many bytes it took. */
  #takeHeader(chunk: Buffer, at: number, out: Buffer[]): number {
    const known = this.#header.length;
    const header = Buffer.concat([this.#header, chunk.subarray(at, at + longestHeader - known)]);
    const length = header.length < 2 ? longestHeader : headerLength(header);
    if (header.length < length) {
      this.#header = header;
      return header.length - known;
    }
    this.#header = nothing;
    this.#begin(header.subarray(0, length), out);
    return length - known;
  }

  #begin(header: Buffer, out: Buffer[]): void {
    const [first = 0] = header;
    const opcode = first & 0x0f;
    const left = payloadLength(header);
    const isFinal = (first & 0x80) !== 0;
    const isControl = opcode >= control;
    const frame: Frame = { isControl, isFinal, fate: 'pass', left };
    if (!isControl) {
      if (opcode !== 0) {
        out.push(...this.#held.splice(0));
        this.#message = { isText: opcode === text, bytes: 0, isDropped: false };
      }
      frame.fate = this.#fateOf(frame, header.length);
    }
    this.#frame = frame;
    if (frame.fate !== 'drop') this.#put(header, frame, out);
    if (left === 0) this.#endFrame(frame, out);
  }

  #fateOf({ isFinal, left }: Frame, headerBytes: number): Frame['fate'] {
    const message = this.#message;
    // A part of nothing.
    if (!message) return 'pass';
    const isFirst = message.bytes === 0;
    message.bytes += headerBytes + left;
    const most = message.isText ? this.#options.maxText : this.#options.maxBinary;
    if (!message.isDropped && message.bytes > most) {
      message.isDropped = true;
      this.#held = [];
      this.#sample = nothing;
    }
    if (message.isDropped) return 'drop';
    return isFirst && isFinal ? 'pass' : 'hold';
  }

  #put(part: Buffer, { fate }: Frame, out: Buffer[]): void {
    if (fate === 'pass') out.push(part);
    else if (fate === 'hold') this.#hold(part);
    else if (this.#sample) {
      this.#sample = Buffer.concat([this.#sample, part.subarray(0, maxSampleBytes - this.#sample.length)]);
      if (this.#sample.length >= maxSampleBytes) this.#report();
    }
  }

  /** In a copy: a part of a chunk would keep all of that. */
  #hold(part: Buffer): void {
    this.#held.push(Buffer.from(part));
    // A million of parts costs much more than its bytes.
    if (this.#held.length > maxParts) this.#held = [Buffer.concat(this.#held)];
  }

  #endFrame({ isControl, isFinal, fate }: Frame, out: Buffer[]): void {
    this.#frame = null;
    if (isControl || !isFinal) return;
    if (fate === 'hold') out.push(...this.#held.splice(0));
    this.#report();
    this.#message = null;
  }

  #report(): void {
    const sample = this.#sample;
    const message = this.#message;
    this.#sample = null;
    if (sample && message)
      this.#options.onTooLarge({
        bytes: message.bytes,
        sample: cutText(sample.toString(message.isText ? 'utf8' : 'latin1'), maxSampleBytes),
      });
  }
}

/** Bytes before the content of a frame (RFC 6455). */
const longestHeader = 14;

/** Bytes of a frame's header, by its first two. */
function headerLength(header: Buffer): number {
  const second = header[1] ?? 0;
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + ((second & 0x80) === 0 ? 0 : 4);
}

function payloadLength(header: Buffer): number {
  const length = (header[1] ?? 0) & 0x7f;
  if (length < 126) return length;
  return length === 126 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
}
