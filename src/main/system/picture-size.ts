import { FileBytes, sourceOf, Unread } from '../../host/outputs/embedded/file-bytes.ts';
import { jpegSegments } from '../../host/outputs/embedded/pictures/jpeg-segments.ts';

/** Width and height in pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/**
 * The size of a JPEG or PNG, read from its head without decoding it; null for what is neither, or damaged
 * before it says its size. Never rejects.
 */
export async function pictureSize(picture: Uint8Array): Promise<PictureSize | null> {
  const bytes = new FileBytes(sourceOf(picture));
  try {
    const start = await bytes.peek(4);
    if (start.equals(pngStart)) return sized(await pngSize(bytes));
    return start.subarray(0, 2).equals(jpegStart) ? sized(await jpegSize(bytes)) : null;
  } catch (cause) {
    if (cause instanceof Unread) return null;
    throw cause;
  }
}

const pngStart = Buffer.from('89504e47', 'hex');
const jpegStart = Buffer.from('ffd8', 'hex');

/** The first chunk of a PNG says its size. */
async function pngSize(bytes: FileBytes): Promise<PictureSize> {
  const head = await bytes.take(24);
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

async function jpegSize(bytes: FileBytes): Promise<PictureSize | null> {
  for await (const { marker } of jpegSegments(bytes)) {
    if (!isFrameHeader(marker)) continue;
    const header = await bytes.take(5);
    return { width: header.readUInt16BE(3), height: header.readUInt16BE(1) };
  }
  return null;
}

/** Start of frame, of whatever kind of JPEG; the others in its range are tables (DHT, DAC) and reserved. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function sized(size: PictureSize | null): PictureSize | null {
  // A JPEG may say its height only at the end of its first scan; no program writes such files.
  return size && size.width > 0 && size.height > 0 ? size : null;
}
