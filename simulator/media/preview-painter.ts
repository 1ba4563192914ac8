import { raster } from '../art/raster.ts';
import type { ImageBatch } from '../nodes/node-class.ts';
import type { Random } from '../random.ts';
import { type Artwork, artworkKey } from './artwork.ts';
import { BoundedCache } from './bounded-cache.ts';
import { encodeJpeg } from './codecs/jpeg.ts';
import type { Pixels } from './codecs/pixels.ts';
import { runNow, type Steps } from './slices.ts';

/** Longest side of a preview in pixels. */
const SIDE = 192;
/** Heights at which a picture is painted as it takes shape: from a blur to most of its detail. */
const STAGES = [12, 24, 48, 96] as const;
/** Rows of the next stage painted with each preview, so that no single one takes long. */
const ROWS_PER_PREVIEW = 16;
/** Side of the noise's patches, in pixels of the preview: a latent pixel is that coarse. */
const PATCH = 4;
const QUALITY = 72;

/**
 * Makes the previews a sampler shows: the final picture appearing out of coloured noise. Everything is small
 * enough to be done on the spot, so that frames keep their place between messages.
 */
export class PreviewPainter {
  private readonly studies = new BoundedCache<Study>(12, () => 1);
  private readonly noise: Float32Array;

  constructor(random: Random) {
    this.noise = Float32Array.from({ length: 3 * 4096 }, () => random.between(-1, 1) + random.between(-1, 1));
  }

  /** @param fraction how far the picture has come, 0–1 */
  paint(images: ImageBatch, fraction: number): Uint8Array {
    const scale = SIDE / Math.max(images.width, images.height);
    const width = Math.max(8, Math.round(images.width * scale));
    const height = Math.max(8, Math.round(images.height * scale));
    const stage = this.studyOf(images, width, height).at(fraction);
    return runNow(encodeJpeg(this.withNoise(stage, width, height, fraction), QUALITY));
  }

  private studyOf(images: ImageBatch, width: number, height: number): Study {
    const artwork = images.artworks[0] ?? { kind: 'colour', rgb: 0 };
    const key = artworkKey(artwork, width, height);
    const study = this.studies.get(key) ?? new Study(artwork, width, height);
    this.studies.set(key, study);
    return study;
  }

  /** Enlarges the stage smoothly and lays noise over it that fades as the picture comes out. */
  private withNoise(stage: Pixels, width: number, height: number, fraction: number): Pixels {
    const rgb = new Uint8Array(width * height * 3);
    const strength = 76 * (1 - fraction) ** 1.3;
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

/** One picture painted finer and finer, a few rows at a time. */
class Study {
  private readonly artwork: Artwork;
  private readonly width: number;
  private readonly height: number;
  private stage = 0;
  private finished: Pixels | undefined;
  private underWay: Steps<Pixels> | undefined;

  constructor(artwork: Artwork, width: number, height: number) {
    this.artwork = artwork;
    this.width = width;
    this.height = height;
  }

  /** The finest version there is when the picture has come so far, 0–1. */
  at(fraction: number): Pixels {
    const wanted = Math.min(STAGES.length, Math.ceil(fraction * 1.3 * STAGES.length));
    let rows = fraction >= 1 ? Number.POSITIVE_INFINITY : ROWS_PER_PREVIEW;
    while (this.stage < wanted && rows > 0) {
      this.underWay ??= this.begin();
      const step = this.underWay.next();
      rows -= 1;
      if (step.done) {
        this.finished = step.value;
        this.underWay = undefined;
        this.stage += 1;
      }
    }
    this.finished ??= runNow(this.begin());
    return this.finished;
  }

  private begin(): Steps<Pixels> {
    const rows = Math.min(this.height, STAGES[this.stage] ?? 12);
    return raster(this.artwork, Math.max(4, Math.round((rows * this.width) / this.height)), rows);
  }
}
