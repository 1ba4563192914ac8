import { type FileBytes, Unread } from '../file-bytes.ts';

/** What a JPEG consists of before its picture: a marker, and so many bytes (`length`) that follow its head. */
export interface JpegSegment {
  marker: number;
  length: number;
}

/**
 * The segments of a JPEG up to the picture itself (ITU-T T.81, annex B); `bytes` stand at the beginning of each one's
 * content, and may be taken from there. Throws `Unread` for what is damaged.
 */
export async function* jpegSegments(bytes: FileBytes): AsyncGenerator<JpegSegment> {
  bytes.skip(2);
  for (;;) {
    const [fill, marker = 0] = await bytes.take(2);
    if (fill !== 0xff) throw new Unread('damaged');
    // Markers may be filled up with any number of 0xff.
    if (marker === 0xff) bytes.seek(bytes.position - 1);
    if (marker === 0xff || standsAlone(marker)) continue;
    if (marker === endOfImage || marker === startOfScan) return;
    const length = (await bytes.take(2)).readUInt16BE(0) - 2;
    if (length < 0) throw new Unread('damaged');
    const end = bytes.position + length;
    yield { marker, length };
    bytes.seek(end);
  }
}

const endOfImage = 0xd9;
const startOfScan = 0xda;

/** TEM, RST and SOI: markers without a length. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}
