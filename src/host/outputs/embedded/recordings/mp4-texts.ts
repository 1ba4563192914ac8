import { readExif } from '../exif-texts.ts';
import { type FileBytes, Unread } from '../file-bytes.ts';
import { type FoundTexts, wordsOf } from '../found-texts.ts';
import { readXml } from '../xmp-texts.ts';

interface Box {
  type: string;
  /** Where its content begins and ends; it ends with the file if that is null. */
  start: number;
  end: number | null;
}

/** Boxes that are looked into for others. */
const holders = new Set(['moov', 'udta', 'ilst']);
/** Metadata of a still picture: a list of what is where. */
const maxItems = 1_000;
/** Bytes of one box of metadata. */
const maxMeta = 2 ** 20;

/**
 * MP4, MOV and M4A (ISO/IEC 14496-12, and Apple's QuickTime File Format for what `meta` holds), AVIF and HEIC
 * (ISO/IEC 23008-12). ffmpeg writes the names of tags into `keys`, and the whole of `moov` behind the media.
 */
export async function readMp4(bytes: FileBytes, found: FoundTexts): Promise<void> {
  let keys: string[] = [];
  /** Where the boxes end that are being looked into, with what they are. */
  const within: { type: string; end: number | null }[] = [];
  while (!found.isEnough) {
    let parent = within.at(-1);
    while (parent?.end != null && bytes.position + 8 > parent.end) {
      bytes.seek(parent.end);
      within.pop();
      parent = within.at(-1);
    }
    if (await bytes.isAtEnd()) return;
    const box = await boxAt(bytes);
    const end = box.end ?? parent?.end ?? null;
    if (end !== null && parent?.end != null && end > parent.end) throw new Unread('damaged');
    const isStill = box.type === 'meta' && within.length === 0;
    if (isStill) await readStill(bytes, box, found);
    else if (box.type === 'meta') {
      // A full box in MP4, with a version and flags before its content, but not in MOV.
      const head = await bytes.peek(8);
      if (head.toString('latin1', 4, 8) !== 'hdlr') bytes.skip(4);
      within.push({ type: 'meta', end });
    } else if (holders.has(box.type) || parent?.type === 'ilst') {
      within.push({ type: parent?.type === 'ilst' ? tagName(box.type, keys) : box.type, end });
    } else {
      const length = end === null ? null : end - box.start;
      if (box.type === 'keys' && length !== null && length <= maxMeta)
        keys = keysIn(await bytes.take(length));
      else if (length !== null && isText(box.type, parent?.type) && found.mayRead(length))
        addText(box.type, parent?.type ?? '', await bytes.take(length), found);
      if (end === null) return;
      bytes.seek(end);
    }
    if (within.length > 10) throw new Unread('damaged');
  }
}

async function boxAt(bytes: FileBytes): Promise<Box> {
  const from = bytes.position;
  const head = await bytes.take(8);
  const type = head.toString('latin1', 4, 8);
  const short = head.readUInt32BE(0);
  const size = short === 1 ? Number((await bytes.take(8)).readBigUInt64BE(0)) : short;
  const start = bytes.position;
  if (size !== 0 && size < start - from) throw new Unread('damaged');
  return { type, start, end: size === 0 ? null : from + size };
}

/** A tag's type is the number of its key, or stands for itself. */
function tagName(type: string, keys: readonly string[]): string {
  const number = Buffer.from(type, 'latin1').readUInt32BE(0);
  return `tag ${keys[number - 1] ?? type}`;
}

function isText(type: string, parent = ''): boolean {
  return (type === 'data' && parent.startsWith('tag ')) || (parent === 'udta' && type.startsWith('\xa9'));
}

function addText(type: string, parent: string, data: Buffer, found: FoundTexts): void {
  // A type and a locale before the text; before the text of a tag of QuickTime its length and language.
  if (type === 'data') found.add(parent.slice(4), wordsOf(data.subarray(8)));
  else found.add(type, wordsOf(data.subarray(4)));
}

function keysIn(data: Buffer): string[] {
  const keys: string[] = [];
  for (let at = 8; at + 8 <= data.length && keys.length < maxItems; ) {
    const size = data.readUInt32BE(at);
    if (size < 8) break;
    keys.push(data.toString('utf8', at + 8, at + size));
    at += size;
  }
  return keys;
}

/** A still picture says in `iinf` which of its items are EXIF or XMP, and in `iloc` where these are. */
async function readStill(bytes: FileBytes, box: Box, found: FoundTexts): Promise<void> {
  const length = box.end === null ? null : box.end - box.start;
  if (length === null) throw new Unread('damaged');
  if (length > maxMeta) throw new Unread('too-large');
  const meta = await bytes.take(length);
  const names = itemsIn(inner(meta, 4, 'iinf'));
  for (const { id, offset, length: size } of placesIn(inner(meta, 4, 'iloc'))) {
    const name = names.get(id);
    if (name === undefined || found.isEnough || !found.mayRead(size)) continue;
    bytes.seek(offset);
    const data = await bytes.take(size);
    // How far the TIFF header is from here.
    if (name === 'Exif') readExif(data.subarray(Math.min(4 + uint(data, 0, 4), data.length)), found);
    else readXml(data, found);
  }
  bytes.seek(box.start + length);
}

function inner(data: Buffer, from: number, type: string): Buffer {
  for (let at = from; at + 8 <= data.length; ) {
    const size = data.readUInt32BE(at);
    if (size < 8) break;
    if (data.toString('latin1', at + 4, at + 8) === type) return data.subarray(at + 8, at + size);
    at += size;
  }
  return Buffer.alloc(0);
}

function itemsIn(iinf: Buffer): Map<number, 'Exif' | 'mime'> {
  const items = new Map<number, 'Exif' | 'mime'>();
  for (let at = iinf[0] === 0 ? 6 : 8; at + 20 <= iinf.length && items.size < maxItems; ) {
    const size = iinf.readUInt32BE(at);
    if (size < 8) break;
    const idSize = iinf[at + 8] === 3 ? 4 : 2;
    const type = iinf.toString('latin1', at + 14 + idSize, at + 18 + idSize);
    if (type === 'Exif' || type === 'mime') items.set(uint(iinf, at + 12, idSize), type);
    at += size;
  }
  return items;
}

function placesIn(iloc: Buffer): { id: number; offset: number; length: number }[] {
  const [version = 0, , , , sizes = 0, more = 0] = iloc;
  const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 4, sizes & 15, more >> 4, more & 15];
  const idSize = version < 2 ? 2 : 4;
  const places: { id: number; offset: number; length: number }[] = [];
  let at = 6 + idSize;
  const next = (size: number) => {
    at += size;
    return uint(iloc, at - size, size);
  };
  while (at < iloc.length && places.length < maxItems) {
    const id = next(idSize);
    const construction = version === 0 ? 0 : next(2) & 15;
    next(2);
    const base = next(baseSize);
    const extents = next(2);
    if (version > 0) next(indexSize);
    const offset = base + next(offsetSize);
    const length = next(lengthSize);
    // Others lie in boxes of their own, or in pieces; no program writes EXIF that way.
    if (construction === 0 && extents === 1) places.push({ id, offset, length });
    at += Math.max(0, extents - 1) * (offsetSize + lengthSize + (version > 0 ? indexSize : 0));
  }
  return places;
}

/** 0 for what lies beyond the end. */
function uint(data: Buffer, at: number, size: number): number {
  if (size === 0 || at + size > data.length) return 0;
  return size === 8 ? Number(data.readBigUInt64BE(at)) : size <= 6 ? data.readUIntBE(at, size) : 0;
}
