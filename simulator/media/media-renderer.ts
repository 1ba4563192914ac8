import { raster, rasterLoop } from '../art/raster.ts';
import { encodeGif } from './codecs/gif.ts';
import { encodeJpeg } from './codecs/jpeg.ts';
import { encodeAnimatedPng, encodePng, scanlines } from './codecs/png.ts';
import { encodeChord } from './codecs/wav.ts';
import type { EmbeddedTexts, MediaContent } from './media-content.ts';
import { runInSlices } from './slices.ts';

/** The bytes of a file. */
export interface RenderedFile {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** Makes the file itself, in slices and off the main thread where that is possible. */
export async function renderFile(
  content: MediaContent,
  texts: EmbeddedTexts,
  film: Buffer = Buffer.alloc(0),
): Promise<RenderedFile> {
  switch (content.kind) {
    case 'picture': {
      const { artwork, width, height } = content;
      const pixels = await runInSlices(raster(artwork, width, height));
      const lines = await runInSlices(scanlines(pixels));
      return { bytes: await encodePng(width, height, lines, chunksOf(texts)), contentType: 'image/png' };
    }
    case 'animation':
      return renderLoop(content, texts);
    case 'chord':
      return { bytes: encodeChord(content.seed, content.seconds), contentType: 'audio/x-wav' };
    case 'text':
      return { bytes: Buffer.from(content.text), contentType: 'text/plain' };
    case 'film':
      return { bytes: film, contentType: 'video/webm' };
  }
}

/** The re-encoded form `/view?preview=` asks for: always JPEG, same size. @param quality 1–100 */
export async function renderPreview(
  content: Extract<MediaContent, { kind: 'picture' | 'animation' }>,
  quality: number,
): Promise<RenderedFile> {
  const pixels = await runInSlices(raster(content.artwork, content.width, content.height));
  return { bytes: await runInSlices(encodeJpeg(pixels, quality)), contentType: 'image/jpeg' };
}

async function renderLoop(
  { format, artwork, width, height, frames, framesPerSecond }: Extract<MediaContent, { kind: 'animation' }>,
  texts: EmbeddedTexts,
): Promise<RenderedFile> {
  const pictures = await runInSlices(rasterLoop(artwork, width, height, frames));
  if (format === 'gif') {
    return { bytes: await runInSlices(encodeGif(pictures, framesPerSecond)), contentType: 'image/gif' };
  }
  const lines: Buffer[] = [];
  for (const picture of pictures) lines.push(await runInSlices(scanlines(picture)));
  return {
    bytes: await encodeAnimatedPng(width, height, lines, framesPerSecond, chunksOf(texts)),
    contentType: 'image/png',
  };
}

function chunksOf(texts: EmbeddedTexts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, JSON.stringify(value)]));
}
