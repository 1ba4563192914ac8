import { readExif } from '../exif-texts.ts';
import type { FileBytes } from '../file-bytes.ts';
import { type FoundTexts, wordsOf } from '../found-texts.ts';
import { readXml } from '../xmp-texts.ts';
import { jpegSegments } from './jpeg-segments.ts';

const xmp = 'http://ns.adobe.com/xap/1.0/\0';
/** Segments with texts: of applications (APP1), and comments. */
const app1 = 0xe1;
const comment = 0xfe;

/** JPEG: EXIF and XMP in APP1, and comments, all before the picture itself. */
export async function readJpeg(bytes: FileBytes, found: FoundTexts): Promise<void> {
  for await (const { marker, length } of jpegSegments(bytes)) {
    if ((marker !== app1 && marker !== comment) || !found.mayRead(length)) continue;
    const data = await bytes.take(length);
    if (marker === comment) found.add('comment', wordsOf(data));
    else if (data.toString('latin1', 0, 5) === 'Exif\0') readExif(data, found);
    else if (data.toString('latin1', 0, xmp.length) === xmp) readXml(data.subarray(xmp.length), found);
    if (found.isEnough) return;
  }
}
