import { readExif } from './exif-texts.ts';
import { type FileBytes, Unread } from './file-bytes.ts';
import { type FoundTexts, wordsOf } from './found-texts.ts';
import { readXml } from './xmp-texts.ts';

const xmp = 'http://ns.adobe.com/xap/1.0/\0';

/** JPEG (ITU-T T.81, annex B): EXIF and XMP in APP1, and comments, all before the picture itself. */
export async function readJpeg(bytes: FileBytes, found: FoundTexts): Promise<void> {
  bytes.skip(2);
  while (!found.isEnough) {
    const [fill, marker = 0] = await bytes.take(2);
    if (fill !== 0xff) throw new Unread('damaged');
    // Markers may be filled up with any number of 0xff; some stand alone.
    if (marker === 0xff) bytes.seek(bytes.position - 1);
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    if (marker === 0xd9 || marker === 0xda) return;
    const length = (await bytes.take(2)).readUInt16BE(0) - 2;
    if (length < 0) throw new Unread('damaged');
    if ((marker !== 0xe1 && marker !== 0xfe) || !found.mayRead(length)) {
      bytes.skip(length);
      continue;
    }
    const data = await bytes.take(length);
    if (marker === 0xfe) found.add('comment', wordsOf(data));
    else if (data.toString('latin1', 0, 5) === 'Exif\0') readExif(data, found);
    else if (data.toString('latin1', 0, xmp.length) === xmp) readXml(data.subarray(xmp.length), found);
  }
}
