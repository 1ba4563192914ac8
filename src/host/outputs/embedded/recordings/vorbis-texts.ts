import { type FileBytes, Unread } from '../file-bytes.ts';
import { type FoundTexts, wordsOf } from '../found-texts.ts';

/** Comments of one stream; ComfyUI writes two. */
const maxComments = 10_000;
/** Bytes before the comments of a stream; in front of them there is one small packet. */
const maxHead = 32 * 2 ** 20;
const maxStreams = 16;

/** FLAC (RFC 9639): the comments are one of the blocks before the sound. */
export async function readFlac(bytes: FileBytes, found: FoundTexts): Promise<void> {
  bytes.skip(4);
  while (!found.isEnough) {
    const head = await bytes.take(4);
    const length = head.readUIntBE(1, 3);
    const type = (head[0] ?? 0) & 0x7f;
    if (type === 4) readComments(await bytes.take(length), found);
    else bytes.skip(length);
    if ((head[0] ?? 0) & 0x80) return;
  }
}

interface Stream {
  parts: Buffer[];
  size: number;
  /** Packets that are over. */
  packets: number;
}

/**
 * Ogg (RFC 3533) with Vorbis, Opus (RFC 7845), Speex, Theora or FLAC: the comments are the second packet of a stream,
 * or one of the next in FLAC.
 */
export async function readOgg(bytes: FileBytes, found: FoundTexts): Promise<void> {
  const streams = new Map<number, Stream>();
  let open = 0;
  while (!found.isEnough) {
    if (bytes.position > maxHead) throw new Unread('too-large');
    if (await bytes.isAtEnd()) return;
    const head = await bytes.take(27);
    if (head.toString('latin1', 0, 4) !== 'OggS') throw new Unread('damaged');
    const serial = head.readUInt32LE(14);
    const laces = await bytes.take(head[26] ?? 0);
    const length = laces.reduce((sum, lace) => sum + lace, 0);
    const isFirst = ((head[5] ?? 0) & 2) !== 0;
    if (isFirst && streams.size < maxStreams && !streams.has(serial)) {
      streams.set(serial, { parts: [], size: 0, packets: 0 });
      open += 1;
    }
    // All streams begin before the first goes on.
    if (!isFirst && open === 0) return;
    const stream = streams.get(serial);
    if (!stream || stream.packets < 0) {
      bytes.skip(length);
      continue;
    }
    addPage(stream, laces, await bytes.take(length), found);
    if (stream.packets < 0) open -= 1;
  }
}

/** A packet ends with the first of its pieces that is shorter than 255 bytes. */
function addPage(stream: Stream, laces: Buffer, data: Buffer, found: FoundTexts): void {
  let at = 0;
  for (const lace of laces) {
    if (stream.size <= maxHead) stream.parts.push(data.subarray(at, at + lace));
    stream.size += lace;
    at += lace;
    if (lace === 255) continue;
    const isOver = readPacket(Buffer.concat(stream.parts), stream.packets, found);
    stream.parts = [];
    stream.size = 0;
    stream.packets = isOver ? -1 : stream.packets + 1;
    if (isOver) return;
  }
}

/** Whether the comments cannot come any more. */
function readPacket(packet: Buffer, index: number, found: FoundTexts): boolean {
  if (index === 0) return false;
  const start = packet.toString('latin1', 0, 8);
  if (start === 'OpusTags') readComments(packet.subarray(8), found);
  // A byte tells that these are the comments.
  else if (/^(vorbis|theora)/.test(start.slice(1))) readComments(packet.subarray(7), found);
  // A block of FLAC: its type, and three bytes for its length.
  else if (((packet[0] ?? 0) & 0x7f) === 4 && packet.length >= 12) readComments(packet.subarray(4), found);
  else if (index === 1) readComments(packet, found);
  return true;
}

/** A vendor and a list of `KEY=text`, each with its length. */
function readComments(data: Buffer, found: FoundTexts): void {
  const long = (at: number) => (at + 4 <= data.length ? data.readUInt32LE(at) : 0);
  let at = 4 + long(0);
  const count = Math.min(long(at), maxComments);
  at += 4;
  for (let index = 0; index < count && at < data.length && !found.isEnough; index += 1) {
    const length = long(at);
    const comment = data.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    const equals = comment.indexOf(0x3d);
    if (equals > 0 && equals < 200 && found.mayRead(comment.length))
      found.add(comment.toString('latin1', 0, equals), wordsOf(comment.subarray(equals + 1)));
  }
}
