import { inflateSync } from 'node:zlib';
import { readExif } from '../exif-texts.ts';
import type { FileBytes } from '../file-bytes.ts';
import { type FoundTexts, maxText, wordsOf } from '../found-texts.ts';
import { readXml } from '../xmp-texts.ts';

/** PNG (third edition) and APNG: text chunks, EXIF, and `comf`, which ComfyUI writes into animations. */
export async function readPng(bytes: FileBytes, found: FoundTexts): Promise<void> {
  bytes.skip(8);
  while (!found.isEnough) {
    const head = await bytes.take(8);
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (type === 'IEND') return;
    if (['tEXt', 'zTXt', 'iTXt', 'comf', 'eXIf'].includes(type) && found.mayRead(length)) {
      const data = await bytes.take(length);
      if (type === 'eXIf') readExif(data, found);
      else readChunk(type, data, found);
    } else bytes.skip(length);
    // Every chunk ends with a checksum; a picture with a wrong one is still a picture.
    bytes.skip(4);
  }
}

function readChunk(type: string, data: Buffer, found: FoundTexts): void {
  const end = data.indexOf(0);
  if (end < 1) return;
  const key = data.toString('latin1', 0, end);
  const rest = data.subarray(end + 1);
  const text = type === 'zTXt' ? zipped(rest, found) : type === 'iTXt' ? international(rest, found) : rest;
  if (text === null) return;
  if (key === 'XML:com.adobe.xmp') readXml(text, found);
  else found.add(key, wordsOf(text));
}

function zipped(rest: Buffer, found: FoundTexts): Buffer | null {
  // One method is defined, 0; some leave the byte out.
  return unpacked(rest[0] === 0 ? rest.subarray(1) : rest, found);
}

/** Compression flag and method, then language and translated keyword, each ended by a zero. */
function international(rest: Buffer, found: FoundTexts): Buffer | null {
  const flag = rest[0];
  // Left out by some, so that the text begins here.
  if (flag === undefined || flag > 1) return rest;
  const languageEnd = rest.indexOf(0, 2);
  const translatedEnd = languageEnd === -1 ? -1 : rest.indexOf(0, languageEnd + 1);
  if (translatedEnd === -1) return null;
  const text = rest.subarray(translatedEnd + 1);
  return flag === 1 ? unpacked(text, found) : text;
}

function unpacked(data: Buffer, found: FoundTexts): Buffer | null {
  try {
    const text = inflateSync(data, { maxOutputLength: maxText });
    return found.mayRead(text.length) ? text : null;
  } catch (cause) {
    if (cause instanceof RangeError) found.isCut = true;
    return null;
  }
}
