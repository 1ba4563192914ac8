/** Width and height in pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/**
 * The size of a JPEG or PNG, read from its head without decoding it; null for what is neither, or damaged
 * before its size is told. How JPEG segments follow each other: ITU-T T.81, annex B.
 */
export function pictureSize(bytes: Uint8Array): PictureSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(0) === 0x89504e47) return sized(view.getUint32(16), view.getUint32(20));
    return view.getUint16(0) === 0xffd8 ? jpegSize(view) : null;
  } catch (cause) {
    // Read beyond the end.
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

/** Walks over the segments to the header of the frame; throws a `RangeError` if there is none. */
function jpegSize(view: DataView): PictureSize | null {
  let at = 2;
  while (view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (isFrameHeader(marker)) return sized(view.getUint16(at + 7), view.getUint16(at + 5));
    // Markers may be filled up with any number of 0xff.
    if (marker === 0xff) at += 1;
    else if (standsAlone(marker)) at += 2;
    else at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Start of frame, of whatever kind of JPEG; the others in its range are tables (DHT, DAC) and reserved. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** TEM and RST: markers without a length. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

function sized(width: number, height: number): PictureSize | null {
  // A JPEG may tell its height only at the end of its first scan; nobody writes such files.
  return width > 0 && height > 0 ? { width, height } : null;
}
