import { LRUCache } from 'lru-cache';
import { raster } from '../art/raster.ts';
import type { ImageBatch } from '../nodes/node-class.ts';
import type { Random } from '../random.ts';
import { artworkKey } from './artwork.ts';
import { encodeJpeg } from './codecs/jpeg.ts';
import type { Pixels } from './codecs/pixels.ts';
import { runNow } from './slices.ts';

/** Longest side of a preview in pixels. */
const longestSide = 192;
/** Longest side at which the picture itself is painted, in pixels: a latent has no more detail either. */
const longestStudySide = 96;
/** Side of the noise's patches, in pixels of the preview: a latent pixel is that coarse. */
const patchSide = 4;
/** JPEG quality, 1–100. */
const quality = 72;

/**
 * Makes the previews a sampler shows: the final picture appearing out of coloured noise. Everything is small
 * enough to be done on the spot, so that frames keep their place between messages.
 */
export class PreviewPainter {
  readonly #studies = new LRUCache<string, Pixels>({ max: 12 });
  readonly #noise: Float32Array;

  constructor(random: Random) {
    this.#noise = Float32Array.from(
      { length: 3 * 4096 },
      () => random.between(-1, 1) + random.between(-1, 1),
    );
  }

  /** @param fraction how far the picture has come, 0–1 */
  paint(images: ImageBatch, fraction: number): Uint8Array {
    const [width, height] = sizeWithin(longestSide, images);
    return runNow(encodeJpeg(this.#withNoise(this.#studyOf(images), width, height, fraction), quality));
  }

  #studyOf(images: ImageBatch): Pixels {
    const artwork = images.artworks[0] ?? { kind: 'colour', rgb: 0 };
    const [width, height] = sizeWithin(longestStudySide, images);
    const key = artworkKey(artwork, width, height);
    const known = this.#studies.get(key);
    if (known) return known;
    const study = runNow(raster(artwork, width, height));
    this.#studies.set(key, study);
    return study;
  }

  /** Enlarges the study smoothly and lays noise over it that fades as the picture comes out. */
  #withNoise(study: Pixels, width: number, height: number, fraction: number): Pixels {
    const rgb = new Uint8Array(width * height * 3);
    const strength = 76 * (1 - fraction) ** 1.3;
    const presence = 0.25 + 0.75 * fraction ** 0.6;
    const drift = Math.floor(fraction * 997);
    for (let row = 0; row < height; row += 1) {
      const y = Math.max(0, ((row + 0.5) * study.height) / height - 0.5);
      const top = Math.floor(y);
      const below = Math.min(study.height - 1, top + 1);
      for (let column = 0; column < width; column += 1) {
        const x = Math.max(0, ((column + 0.5) * study.width) / width - 0.5);
        const left = Math.floor(x);
        const right = Math.min(study.width - 1, left + 1);
        const patch =
          (Math.floor(row / patchSide) * 131 + Math.floor(column / patchSide) * 17 + drift) & 4095;
        for (let channel = 0; channel < 3; channel += 1) {
          const sample = (r: number, c: number) => study.rgb[(r * study.width + c) * 3 + channel] ?? 0;
          const upper = sample(top, left) + (sample(top, right) - sample(top, left)) * (x - left);
          const lower = sample(below, left) + (sample(below, right) - sample(below, left)) * (x - left);
          const value = upper + (lower - upper) * (y - top);
          const noise = (this.#noise[patch * 3 + channel] ?? 0) * strength;
          rgb[(row * width + column) * 3 + channel] = Math.min(
            255,
            Math.max(0, 128 + (value - 128) * presence + noise),
          );
        }
      }
    }
    return { width, height, rgb };
  }
}

/** Width and height (pixels) with the longer one as given, in the proportions of the images. */
function sizeWithin(side: number, { width, height }: ImageBatch): [number, number] {
  const scale = side / Math.max(width, height);
  return [Math.max(8, Math.round(width * scale)), Math.max(8, Math.round(height * scale))];
}
