import type { Random } from '../random.ts';
import { glow, gradient, lay, mixed, type Rgb, rgb, smooth } from './colour.ts';
import { Noise } from './noise.ts';
import type { Painter, Sheet } from './sheet.ts';

const palettes: readonly (readonly Rgb[])[] = [
  ['#05060f', '#141a44', '#4a2c82', '#c74b8b', '#ffb28a'].map(rgb),
  ['#03080f', '#06283d', '#0e6b7c', '#3fc1a4', '#f4ffd6'].map(rgb),
  ['#0a0508', '#3a0f2b', '#8f2440', '#ee6c3d', '#ffe08a'].map(rgb),
  ['#04060d', '#12224f', '#2a5cab', '#7cc4e8', '#fff4e6'].map(rgb),
];
const white = rgb('#ffffff');

/** Clouds of gas with stars, without the planet: also the night behind other motifs. */
function paintNebula(random: Random, pixel: number): { paint: Painter; palette: readonly Rgb[] } {
  const noise = new Noise(random);
  const palette = random.pick(palettes);
  const stars = starfield(random);
  const paint: Painter = (x, y, out) => {
    const warpX = noise.layered(x * 1.7, y * 1.7, 3);
    const warpY = noise.layered(x * 1.7 + 8.3, y * 1.7 + 2.8, 3);
    const cloud = noise.layered(x * 1.5 + warpX * 1.5, y * 1.5 + warpY * 1.5, 4);
    const dust = noise.layered(x * 2.6 - warpY * 2, y * 2.6 + warpX, 3);
    gradient(out, palette, 0.3 + cloud * 0.62 + warpX * 0.25 - Math.max(0, dust) * 0.36);
    stars(x, y, pixel, out);
  };
  return { paint, palette };
}

/** A nebula, stars and a planet, some with a ring. */
export function paintCosmos(random: Random, { aspect, pixel }: Sheet): Painter {
  const { paint, palette } = paintNebula(random, pixel);
  const surface = new Noise(random.fork('planet'));
  const radius = random.between(0.2, 0.34);
  const planet = { x: aspect * random.between(0.3, 0.7), y: random.between(0.42, 0.62) };
  const tilt = random.between(-0.5, 0.5);
  const hasRing = random.chance(0.65);
  const bands = random.between(3, 7);
  const [dark, deep, middle, bright, light] = palette;
  if (!dark || !deep || !middle || !bright || !light) return paint;
  const ground = [mixed(deep, middle, 0.4), middle, bright, mixed(bright, light, 0.6)];
  const air = mixed(bright, white, 0.35);
  const cos = Math.cos(tilt);
  const sin = Math.sin(tilt);

  return (x, y, out) => {
    paint(x, y, out);
    const dx = (x - planet.x) / radius;
    const dy = (y - planet.y) / radius;
    const u = dx * cos + dy * sin;
    const v = dy * cos - dx * sin;
    const edge = pixel / radius;
    const distance = Math.hypot(u, v);
    glow(out, air, 0.5 * Math.exp(-Math.max(0, distance - 1) * 9) * (distance > 1 ? 1 : 0));
    const cover = smooth(1 + edge, 1 - edge, distance);
    if (cover > 0) {
      const z = Math.sqrt(Math.max(0, 1 - u * u - v * v));
      const swirl = surface.layered(u * 2 + 4, v * 4, 3);
      const body: Rgb = [0, 0, 0];
      gradient(body, ground, 0.5 + 0.42 * Math.sin(v * bands * 2.2 + swirl * 2.6) + swirl * 0.3);
      const sunlight = Math.max(0, -0.62 * u - 0.42 * v + 0.66 * z);
      lay(body, dark, 1 - (0.07 + 0.93 * sunlight ** 0.8));
      glow(body, air, 0.55 * (1 - z) ** 3 * (0.25 + sunlight));
      lay(out, body, cover);
    }
    if (hasRing) {
      const ring = Math.hypot(u, v * 4.2);
      const behind = v < 0 && distance < 1;
      if (ring > 1.3 && ring < 2.2 && !behind) {
        const grooves = 0.6 + 0.4 * Math.sin(ring * 46) * Math.sin(ring * 19);
        const opacity = smooth(1.3, 1.38, ring) * smooth(2.2, 2.05, ring) * grooves * 0.72;
        lay(out, mixed(light, middle, (ring - 1.3) * 0.8), opacity);
      }
    }
  };
}

/** Stars on a jittered grid in two sizes, a few with a cross of light. */
function starfield(random: Random): (x: number, y: number, pixel: number, out: Rgb) => void {
  const table = Float32Array.from({ length: 1024 }, () => random.next());
  return (x, y, pixel, out) => {
    for (const [cell, brightness] of [
      [26, 0.75],
      [9, 1],
    ] as const) {
      const column = Math.floor(x * cell);
      const row = Math.floor(y * cell);
      const index = ((column * 73 + row * 151 + cell) & 255) * 4;
      if ((table[index] ?? 0) < 0.45) continue;
      const dx = Math.abs(x * cell - column - 0.15 - 0.7 * (table[index + 1] ?? 0)) / cell;
      const dy = Math.abs(y * cell - row - 0.15 - 0.7 * (table[index + 2] ?? 0)) / cell;
      const size = Math.max(pixel * 0.8, (0.0006 + 0.0014 * (table[index + 3] ?? 0)) * (cell < 20 ? 1.5 : 1));
      const distance = Math.hypot(dx, dy);
      let shine = brightness * Math.exp(-((distance / size) ** 2));
      if (cell < 20) shine += 0.5 * Math.exp(-Math.min(dx, dy) / pixel) * Math.exp(-distance * 90);
      glow(out, white, shine * (0.4 + 0.6 * (table[index + 3] ?? 0)));
    }
  };
}
