import type { Random } from '../random.ts';
import { glow, gradient, lay, mixed, type Rgb, rgb, smooth } from './colour.ts';
import { Noise, Profile } from './noise.ts';
import type { Painter, Sheet } from './sheet.ts';

interface Sea {
  readonly sky: readonly Rgb[];
  readonly far: Rgb;
  readonly near: Rgb;
  readonly foam: Rgb;
  readonly sun: Rgb;
}

const SEAS: readonly Sea[] = [
  {
    sky: ['#f7d9b0', '#f3b391', '#e58f83'].map(rgb),
    far: rgb('#7fb6b4'),
    near: rgb('#0d2f4f'),
    foam: rgb('#fdf4e3'),
    sun: rgb('#fff1cf'),
  },
  {
    sky: ['#1b1f4b', '#54397f', '#d06c8f'].map(rgb),
    far: rgb('#7b5aa6'),
    near: rgb('#101338'),
    foam: rgb('#ffd9d4'),
    sun: rgb('#ffdf9e'),
  },
  {
    sky: ['#d9ecf2', '#b6dbe6', '#8fc5d6'].map(rgb),
    far: rgb('#5fb0b7'),
    near: rgb('#073b4c'),
    foam: rgb('#ffffff'),
    sun: rgb('#fffbe8'),
  },
];
const WAVES = 9;

/** Wave behind wave under a low sun, in flat colours with crests of foam. */
export function paintWaves(random: Random, { aspect, pixel }: Sheet): Painter {
  const noise = new Noise(random);
  const sea = random.pick(SEAS);
  const sun = {
    x: aspect * random.between(0.2, 0.8),
    y: random.between(0.2, 0.28),
    size: random.between(0.09, 0.14),
  };
  const waves = Array.from({ length: WAVES }, (_, index) => {
    const depth = index / (WAVES - 1);
    const length = 0.16 + depth * 0.5;
    const swell = 0.012 + depth * 0.06;
    const phase = random.next() * 20;
    return {
      depth,
      swell,
      colour: mixed(sea.far, sea.near, depth),
      crest: new Profile(aspect, pixel, (x) => {
        // Narrow crests and wide troughs, as water has them.
        const roll =
          1 - Math.abs(Math.sin((Math.PI * (x + phase + noise.at(x * 1.6, phase) * 0.35)) / length));
        return 0.36 + depth ** 1.25 * 0.56 - roll ** 1.7 * swell * 1.7 - noise.at(x * 2.2, phase) * swell;
      }),
    };
  });

  return (x, y, out) => {
    gradient(out, sea.sky, y / 0.45);
    const distance = Math.hypot(x - sun.x, y - sun.y);
    glow(out, sea.sun, 0.28 * Math.exp(-distance * 4));
    lay(out, sea.sun, smooth(sun.size + pixel, sun.size - pixel, distance) * 0.95);
    const cloud = smooth(0.1, 0.42, noise.layered(x * 1.4, y * 8 + 2, 3)) * smooth(0.36, 0.2, y);
    lay(out, sea.foam, cloud * 0.45);
    for (const { depth, swell, colour, crest } of waves) {
      const below = y - crest.at(x);
      if (below < -pixel) continue;
      const cover = smooth(-pixel, pixel, below);
      lay(out, colour, cover);
      const glint = Math.exp(-(((x - sun.x) / (0.12 + depth * 0.2)) ** 2)) * (1 - depth * 0.6);
      lay(out, sea.sun, cover * glint * 0.4 * Math.exp(-below / (swell * 1.2)));
      // Two lines of foam that follow the crest, broken up by the wind.
      const wind = noise.at(x * 22, depth * 40) * 0.5 + 0.5;
      const line = smooth(0.004 + depth * 0.006, 0, below - pixel) * wind;
      const second = smooth(0.0025 + depth * 0.0025, 0, Math.abs(below - swell * (0.42 + wind * 0.16)));
      lay(out, sea.foam, cover * Math.min(0.95, line + second * (0.35 + depth * 0.3)));
      lay(out, mixed(sea.near, colour, 0.4), cover * 0.5 * smooth(swell * 0.5, swell * 2.2, below));
    }
  };
}
