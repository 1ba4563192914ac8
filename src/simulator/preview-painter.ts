import { raster } from './art/raster.ts';
import { artworkKey } from './artwork.ts';
import { BoundedCache } from './bounded-cache.ts';
import { encodeJpeg } from './codecs/jpeg.ts';
import type { Pixels } from './codecs/pixels.ts';
import type { ImageBatch } from './node-class.ts';
import type { Random } from './random.ts';
import { runNow } from './slices.ts';

/** Longest side of a preview in pixels. */
const SIDE = 192;
/** Heights at which a picture is painted as it takes shape: from a blur to most of its detail. */
const STAGES = [12, 24, 48, 96] as const;
/** Side of the noise's patches, in pixels of the preview: a latent pixel is that coarse. */
const PATCH = 4;
const QUALITY = 72;

/**
 * Makes the previews a sampler shows: the final picture appearing out of coloured noise. Each stage is painted
 * once per picture and small enough to be done on the spot, so that frames keep their place between messages.
 */
export class PreviewPainter {
  private readonly stages = new BoundedCache<Pixels>(24, () => 1);
  private readonly noise: Float32Array;

  constructor(random: Random) {
    this.noise = Float32Array.from({ length: 3 * 4096 }, () => random.between(-1, 1) + random.between(-1, 1));
  }

  /** @param fraction how far the picture has come, 0–1 */
  paint(images: ImageBatch, fraction: number): Uint8Array {
    const scale = SIDE / Math.max(images.width, images.height);
    const width = Math.max(8, Math.round(images.width * scale));
    const height = Math.max(8, Math.round(images.height * scale));
    const stage = this.stageOf(images, width, height, fraction);
    return runNow(encodeJpeg(this.withNoise(stage, width, height, fraction), QUALITY));
  }

  private stageOf(images: ImageBatch, width: number, height: number, fraction: number): Pixels {
    const artwork = images.artworks[0] ?? { kind: 'colour', rgb: 0 };
    const index = Math.min(STAGES.length - 1, Math.floor(fraction * 1.25 * STAGES.length));
    const rows = Math.min(height, STAGES[index] ?? 12);
    const columns = Math.max(4, Math.round((rows * width) / height));
    const key = artworkKey(artwork, columns, rows);
    const known = this.stages.get(key);
    if (known) return known;
    const painted = runNow(raster(artwork, columns, rows));
    this.stages.set(key, painted);
    return painted;
  }

  /** Enlarges the stage smoothly and lays noise over it that fades as the picture comes out. */
  private withNoise(stage: Pixels, width: number, height: number, fraction: number): Pixels {
    const rgb = new Uint8Array(width * height * 3);
    const strength = 92 * (1 - fraction) ** 1.3;
    const presence = 0.25 + 0.75 * fraction ** 0.6;
    const drift = Math.floor(fraction * 997);
    for (let row = 0; row < height; row += 1) {
      const y = Math.max(0, ((row + 0.5) * stage.height) / height - 0.5);
      const top = Math.floor(y);
      const below = Math.min(stage.height - 1, top + 1);
      for (let column = 0; column < width; column += 1) {
        const x = Math.max(0, ((column + 0.5) * stage.width) / width - 0.5);
        const left = Math.floor(x);
        const right = Math.min(stage.width - 1, left + 1);
        const patch = (Math.floor(row / PATCH) * 131 + Math.floor(column / PATCH) * 17 + drift) & 4095;
        for (let channel = 0; channel < 3; channel += 1) {
          const sample = (r: number, c: number) => stage.rgb[(r * stage.width + c) * 3 + channel] ?? 0;
          const upper = sample(top, left) + (sample(top, right) - sample(top, left)) * (x - left);
          const lower = sample(below, left) + (sample(below, right) - sample(below, left)) * (x - left);
          const value = upper + (lower - upper) * (y - top);
          const noise = (this.noise[patch * 3 + channel] ?? 0) * strength;
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
