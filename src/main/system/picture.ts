import { type NativeImage, nativeImage } from 'electron';
import { pictureSize } from './picture-size.ts';

/** Electron decodes in the main process, which stands still meanwhile; so many pixels fill 100 MB. */
const maxPixels = 25_000_000;

/** A PNG or JPEG, made `width` pixels wide; null for anything else, and for what would take too long. */
export async function smallPicture(bytes: Buffer, width: number): Promise<NativeImage | null> {
  const size = await pictureSize(bytes);
  if (!size || size.width * size.height > maxPixels) return null;
  // What cannot be decoded comes out empty.
  const image = nativeImage.createFromBuffer(bytes);
  return image.isEmpty() ? null : image.resize({ width });
}
