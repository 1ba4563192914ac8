import { encode } from 'fast-png';
import { raster, rasterLoop } from '../art/raster.ts';
import { encodeGif } from './codecs/gif.ts';
import { encodeJpeg } from './codecs/jpeg.ts';
import { encodeChord } from './codecs/wav.ts';
import type { EmbeddedTexts, MediaContent } from './media-content.ts';
import { runInSlices } from './slices.ts';

/** The bytes of a file. */
export interface RenderedFile {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** Makes the file itself, in slices where that is possible. */
export async function renderFile(
  content: MediaContent,
  texts: EmbeddedTexts,
  film: Buffer = Buffer.alloc(0),
): Promise<RenderedFile> {
  switch (content.kind) {
    case 'picture': {
      const { artwork, width, height } = content;
      const pixels = await runInSlices(raster(artwork, width, height));
      const png = encode({ width, height, data: pixels.rgb, channels: 3, text: chunksOf(texts) });
      return { bytes: Buffer.from(png), contentType: 'image/png' };
    }
    case 'animation': {
      const { artwork, width, height, frames, framesPerSecond } = content;
      const pictures = await runInSlices(rasterLoop(artwork, width, height, frames));
      return { bytes: await runInSlices(encodeGif(pictures, framesPerSecond)), contentType: 'image/gif' };
    }
    case 'chord':
      return { bytes: encodeChord(content.seed, content.seconds), contentType: 'audio/x-wav' };
    case 'text':
      return { bytes: Buffer.from(content.text), contentType: 'text/plain' };
    case 'film':
      return { bytes: film, contentType: 'video/webm' };
  }
}

/**
 * The re-encoded form `/view?preview=` asks for: always JPEG, same size, and of an animation its first frame, as Pillow saves
 * it for the server. @param quality 1–100
 */
export async function renderPreview(
  content: Extract<MediaContent, { kind: 'picture' | 'animation' }>,
  quality: number,
): Promise<RenderedFile> {
  const pixels = await runInSlices(raster(content.artwork, content.width, content.height));
  return { bytes: await runInSlices(encodeJpeg(pixels, quality)), contentType: 'image/jpeg' };
}

/** JSON, with everything as \u escapes that a PNG's tEXt chunk cannot hold (it is Latin-1 only). */
function chunksOf(texts: EmbeddedTexts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, asciiOf(JSON.stringify(value))]),
  );
}

function asciiOf(text: string): string {
  return text.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
