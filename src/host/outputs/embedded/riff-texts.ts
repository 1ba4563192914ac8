import { readExif } from './exif-texts.ts';
import type { FileBytes } from './file-bytes.ts';
import { type FoundTexts, wordsOf } from './found-texts.ts';
import { readId3Tag } from './recordings/id3-texts.ts';
import { readXml } from './xmp-texts.ts';

/** RIFF: WebP with EXIF and XMP behind the picture, WAV and AVI with ID3 or a list of texts. */
export async function readRiff(bytes: FileBytes, found: FoundTexts): Promise<void> {
  bytes.skip(12);
  while (!found.isEnough && !(await bytes.isAtEnd())) {
    const head = await bytes.take(8);
    const type = head.toString('latin1', 0, 4);
    const length = head.readUInt32LE(4);
    const start = bytes.position;
    const isList = type === 'LIST' && (await bytes.peek(4)).toString('latin1') === 'INFO';
    if ((isList || /^(exif|xmp |id3 )$/i.test(type)) && found.mayRead(length)) {
      const data = await bytes.take(length);
      if (isList) readInfo(data.subarray(4), found);
      else if (/^exif$/i.test(type)) readExif(data, found);
      else if (/^xmp $/i.test(type)) readXml(data, found);
      else if (data.toString('latin1', 0, 3) === 'ID3') readId3Tag(data, found);
    }
    bytes.seek(start + length + (length % 2));
  }
}

function readInfo(data: Buffer, found: FoundTexts): void {
  for (let at = 0; at + 8 <= data.length; ) {
    const length = data.readUInt32LE(at + 4);
    const text = data.subarray(at + 8, at + 8 + length);
    if (found.mayRead(text.length)) found.add(data.toString('latin1', at, at + 4), wordsOf(text));
    at += 8 + length + (length % 2);
  }
}
