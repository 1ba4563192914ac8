import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageBound, type TooLarge } from './message-bound.ts';

const answer = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');
const bounds = { maxText: 300, maxBinary: 70_000 };

interface Frame {
  opcode: number;
  isFinal: boolean;
  payload: Buffer;
}

function bytesOf({ opcode, isFinal, payload }: Frame): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (isFinal ? 0x80 : 0) | opcode;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (length >= 65_536) head.writeBigUInt64BE(BigInt(length), 2);
  else if (length >= 126) head.writeUInt16BE(length, 2);
  return Buffer.concat([head, payload]);
}

/** A message in frames, with pings in between them. */
const message = fc
  .record({
    isText: fc.boolean(),
    lengths: fc.array(
      fc.oneof(fc.nat(150), fc.constantFrom(0, 125, 126, 290, 310, 65_535, 65_536, 69_990, 70_001)),
      { minLength: 1, maxLength: 4 },
    ),
    pings: fc.boolean(),
    letter: fc.constantFrom(...'abc'),
  })
  .map(({ isText, lengths, pings, letter }) => ({
    isText,
    bytes: lengths.reduce((sum, length) => sum + length, 0),
    frames: lengths.flatMap((length, index): Frame[] => {
      const opcode = index > 0 ? 0 : isText ? 1 : 2;
      const frame = { opcode, isFinal: index === lengths.length - 1, payload: Buffer.alloc(length, letter) };
      return pings && index > 0 ? [{ opcode: 9, isFinal: true, payload: Buffer.from('?') }, frame] : [frame];
    }),
  }));

/** Cuts at any places. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    cut.push(bytes.subarray(at, at + size));
    at += size;
  }
  return cut;
}

function passed(chunks: readonly Buffer[]): { out: Buffer; tooLarge: TooLarge[] } {
  const tooLarge: TooLarge[] = [];
  const bound = new MessageBound({ ...bounds, onTooLarge: (one) => tooLarge.push(one) });
  return { out: Buffer.concat(chunks.flatMap((chunk) => bound.take(chunk))), tooLarge };
}

/** Which frames come in which order is known only where none of them waits for the end of its message. */
const isWhole = (frames: readonly Frame[]) => frames.length === 1;

describe('what a server sends over a WebSocket', () => {
  it('comes through without the messages that are too large, however it is cut into frames and packets', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(40_000)), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), sizes, (messages, sizesOfPieces) => {
        const sent = Buffer.concat([answer, ...messages.flatMap(({ frames }) => frames.map(bytesOf))]);
        const { out, tooLarge } = passed(pieces(sent, sizesOfPieces));
        // Headers of frames count as well, so what is near the bound may go either way.
        const most = (isText: boolean) => (isText ? bounds.maxText : bounds.maxBinary);
        const large = messages.filter(({ isText, bytes }) => bytes > most(isText));
        const near = messages.filter(
          ({ isText, bytes, frames }) => bytes <= most(isText) && bytes + 14 * frames.length > most(isText),
        );
        expect(tooLarge.length).toBeGreaterThanOrEqual(large.length);
        expect(tooLarge.length).toBeLessThanOrEqual(large.length + near.length);
        if (near.length > 0) return;
        const kept = messages.filter(({ isText, bytes }) => bytes <= most(isText));
        if (messages.every(({ frames }) => isWhole(frames)))
          expect(
            out.equals(Buffer.concat([answer, ...kept.flatMap(({ frames }) => frames.map(bytesOf))])),
          ).toBe(true);
        const pings = messages.flatMap(({ frames }) => frames).filter(({ opcode }) => opcode === 9);
        const data = kept.flatMap(({ frames }) => frames).filter(({ opcode }) => opcode !== 9);
        const length = (frames: readonly Frame[]) =>
          frames.reduce((sum, frame) => sum + bytesOf(frame).length, 0);
        expect(out.length).toBe(answer.length + length(pings) + length(data));
      }),
    );
  });

  it('keeps the frames of a message together', () => {
    const frames = [
      { opcode: 1, isFinal: false, payload: Buffer.from('one ') },
      { opcode: 0, isFinal: false, payload: Buffer.from('two ') },
      { opcode: 0, isFinal: true, payload: Buffer.from('three') },
    ];
    const sent = Buffer.concat([answer, ...frames.map(bytesOf)]);
    expect(passed(pieces(sent, [1])).out.equals(sent)).toBe(true);
  });

  it('tells how large a message was that it left out, and how that began', () => {
    const payload = Buffer.from(`{"type": "executed", ${'x'.repeat(500)}`);
    const { out, tooLarge } = passed([answer, bytesOf({ opcode: 1, isFinal: true, payload })]);
    expect(out.equals(answer)).toBe(true);
    expect(tooLarge).toHaveLength(1);
    expect(tooLarge[0]?.bytes).toBeGreaterThanOrEqual(payload.length);
    expect(tooLarge[0]?.sample).toMatch(/^\{"type": "executed", x{100}/);
  });

  it('is not kept while it goes on without an end', () => {
    const head = Buffer.concat([answer, Buffer.from([0x81, 127]), Buffer.alloc(8, 0x0f)]);
    const { out, tooLarge } = passed([
      head,
      ...Array.from({ length: 1_000 }, () => Buffer.alloc(65_536, 'x')),
    ]);
    expect(out.equals(answer)).toBe(true);
    expect(tooLarge).toHaveLength(1);
  });

  it('is left alone where it is no WebSocket, or breaks its rules', () => {
    const page = Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${'\x81\x7f'.repeat(2_000)}`, 'latin1');
    expect(passed(pieces(page, [7])).out.equals(page)).toBe(true);
    const wrong = Buffer.concat([answer, bytesOf({ opcode: 0, isFinal: true, payload: Buffer.alloc(400) })]);
    expect(passed([wrong]).out.equals(wrong)).toBe(true);
  });
});
