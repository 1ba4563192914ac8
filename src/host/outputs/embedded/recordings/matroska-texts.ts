import { type FileBytes, Unread } from '../file-bytes.ts';
import { type FoundTexts, wordsOf } from '../found-texts.ts';

const ids = {
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  cluster: 0x1f43b675,
  tags: 0x1254c367,
  tag: 0x7373,
  simpleTag: 0x67c8,
  tagName: 0x45a3,
  tagString: 0x4487,
} as const;
const holders: ReadonlySet<number> = new Set([
  ids.segment,
  ids.seekHead,
  ids.seek,
  ids.tags,
  ids.tag,
  ids.simpleTag,
]);

/**
 * Matroska and WebM (RFC 9559): tags, which stand before the media, or where the index at the front says. All
 * elements are walked through as one row; whatever holds others is only opened.
 */
export async function readMatroska(bytes: FileBytes, found: FoundTexts): Promise<void> {
  let segment = 0;
  let soughtId = 0;
  let tagsAt: number | null = null;
  let name = '';
  while (!found.isEnough && !(await bytes.isAtEnd())) {
    const id = await number(bytes, false);
    const size = await number(bytes, true);
    const start = bytes.position;
    if (id === ids.segment) segment = start;
    if (holders.has(id)) continue;
    // Of unknown length, as of what was sent while it was made: what it holds follows.
    if (size === null) {
      if (id !== ids.cluster) throw new Unread('damaged');
      continue;
    }
    if (id === null) throw new Unread('damaged');
    if (id === ids.cluster && tagsAt !== null && tagsAt > start) {
      bytes.seek(tagsAt);
      tagsAt = null;
      continue;
    }
    if (id === ids.seekId) soughtId = uint(await bytes.take(Math.min(size, 8)));
    else if (id === ids.seekPosition) {
      const place = uint(await bytes.take(Math.min(size, 8)));
      if (soughtId === ids.tags) tagsAt = segment + place;
    } else if (id === ids.tagName && found.mayRead(size)) name = wordsOf(await bytes.take(size));
    else if (id === ids.tagString && found.mayRead(size)) found.add(name, wordsOf(await bytes.take(size)));
    bytes.seek(start + size);
  }
}

/** A number whose first byte says how many follow; the size of an element goes without that mark. */
async function number(bytes: FileBytes, isSize: true): Promise<number | null>;
async function number(bytes: FileBytes, isSize: false): Promise<number>;
async function number(bytes: FileBytes, isSize: boolean): Promise<number | null> {
  const [first = 0] = await bytes.take(1);
  const length = Math.clz32(first) - 23;
  if (length > (isSize ? 8 : 4)) throw new Unread('damaged');
  const marker = 2 ** (8 - length);
  let value = isSize ? first - marker : first;
  let isUnknown = value === marker - 1;
  for (const byte of length > 1 ? await bytes.take(length - 1) : []) {
    value = value * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return isSize && isUnknown ? null : value;
}

function uint(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
