import type { FileBytes } from '../file-bytes.ts';
import { type FoundTexts, maxText, wordsOf } from '../found-texts.ts';

const extension = 0x21;
const picture = 0x2c;
const comment = 0xfe;

/** GIF89a: comment extensions, before or between the pictures. */
export async function readGif(bytes: FileBytes, found: FoundTexts): Promise<void> {
  bytes.skip(10);
  bytes.skip(2 + colours((await bytes.take(1))[0]));
  while (!found.isEnough) {
    const [block] = await bytes.take(1);
    if (block === extension) {
      const [label] = await bytes.take(1);
      const data = await subBlocks(bytes, found, label === comment);
      if (data) found.add('comment', wordsOf(data));
    } else if (block === picture) {
      bytes.skip(8);
      bytes.skip(colours((await bytes.take(1))[0]) + 1);
      await subBlocks(bytes, found, false);
    } else return;
  }
}

/** Bytes of a table of colours. */
function colours(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Data comes in pieces of at most 255 bytes, up to an empty one. */
async function subBlocks(bytes: FileBytes, found: FoundTexts, isWanted: boolean): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const [length = 0] = await bytes.take(1);
    if (length === 0) break;
    if (isWanted && size <= maxText) parts.push(await bytes.take(length));
    else bytes.skip(length);
    size += length;
  }
  return isWanted && found.mayRead(size) ? Buffer.concat(parts) : null;
}
