import { type Artwork, variationOf } from '../media/artwork.ts';
import type { Pixels } from '../media/codecs/pixels.ts';
import type { Steps } from '../media/slices.ts';
import { hashText } from '../random.ts';
import type { Rgb } from './colour.ts';
import { painterOf } from './painter.ts';

/** Paints an artwork, row by row. */
export function* raster(artwork: Artwork, width: number, height: number): Steps<Pixels> {
  const pixels = { width, height, rgb: new Uint8Array(width * height * 3) };
  if (artwork.kind === 'colour') {
    fill(pixels.rgb, artwork.rgb);
    return pixels;
  }
  const sheet = { aspect: width / height, pixel: 1 / height };
  const paint = painterOf(artwork.motif, artwork.seed, sheet);
  yield;
  const colour: Rgb = [0, 0, 0];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      paint((column + 0.5) / height, (row + 0.5) / height, colour);
      const at = (row * width + column) * 3;
      // A trace of noise, the same every time, keeps gradients from showing bands.
      const grain = grainAt(column, row);
      pixels.rgb[at] = byteOf(colour[0], grain);
      pixels.rgb[at + 1] = byteOf(colour[1], grain);
      pixels.rgb[at + 2] = byteOf(colour[2], grain);
    }
    yield;
  }
  return pixels;
}

/** The frames of a loop in which the light of the picture swells and fades. */
export function* rasterLoop(
  artwork: Artwork,
  width: number,
  height: number,
  count: number,
): Steps<readonly Pixels[]> {
  const day = yield* raster(artwork, width, height);
  const other = yield* raster(variationOf(artwork, 1), width, height);
  const frames: Pixels[] = [];
  for (let index = 0; index < count; index += 1) {
    const share = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / count);
    const rgb = day.rgb.map((value, at) => value + ((other.rgb[at] ?? 0) - value) * share);
    frames.push({ width, height, rgb });
    yield;
  }
  return frames;
}

function fill(target: Uint8Array, rgb: number): void {
  for (let at = 0; at < target.length; at += 3) {
    target[at] = rgb >> 16;
    target[at + 1] = (rgb >> 8) & 255;
    target[at + 2] = rgb & 255;
  }
}

/** Highlights above white are rolled off instead of cut. */
function byteOf(value: number, grain: number): number {
  const soft = value > 0.9 ? 0.9 + 0.1 * Math.tanh((value - 0.9) / 0.1) : value;
  return Math.min(255, Math.max(0, Math.round(soft * 255 + grain)));
}

const grains = Float32Array.from(
  { length: 4096 },
  (_, index) => (hashText(`grain${index}`) / 2 ** 32 - 0.5) * 1.6,
);

function grainAt(column: number, row: number): number {
  return grains[(column * 37 + row * 1031 + (column ^ row)) & 4095] ?? 0;
}
