import type { Random } from '../random.ts';
import { lay, mixed, type Rgb, rgb, set, smooth } from './colour.ts';
import { Noise, Profile } from './noise.ts';
import type { Painter, Sheet } from './sheet.ts';

const paper = rgb('#f1e9d8');
const paperDark = rgb('#dccfb4');
const inks: readonly Rgb[] = [rgb('#1d2730'), rgb('#22302c'), rgb('#2b2430')];
const red = rgb('#c3402b');
const ridgeCount = 5;

/** Mountains in mist, ink on paper, with a red sun, birds and the painter's seal. */
export function paintInkwash(random: Random, { aspect, pixel }: Sheet): Painter {
  const noise = new Noise(random);
  const ink = random.pick(inks);
  const sun = {
    x: aspect * random.between(0.2, 0.8),
    y: random.between(0.16, 0.3),
    size: random.between(0.07, 0.1),
  };
  const ridges = Array.from({ length: ridgeCount }, (_, index) => {
    const depth = index / (ridgeCount - 1);
    const peak = aspect * random.between(0.15, 0.85);
    const spread = random.between(0.25, 0.45);
    return {
      depth,
      crest: new Profile(aspect, pixel, (x) => {
        const hill = Math.exp(-(((x - peak) / spread) ** 2)) * random.between(0.999, 1.001);
        const rock = noise.ridged(x * (1.8 + depth) + index * 5.3, index * 2.7, 6) - 0.42;
        return 0.46 + depth * 0.42 - hill * (0.3 - depth * 0.14) - rock * 0.2 * (1 - depth * 0.35);
      }),
    };
  });
  const birds = Array.from({ length: 5 }, (_, index) => ({
    x: sun.x + 0.12 + index * 0.045 + random.between(-0.012, 0.012),
    y: sun.y + 0.06 - index * 0.014 + random.between(-0.016, 0.016),
    size: random.between(0.012, 0.019),
  }));
  const seal = { x: aspect - 0.1, y: 0.86, size: 0.032 };

  return (x, y, out) => {
    set(out, paper);
    const fibre = noise.layered(x * 3, y * 3, 3);
    lay(out, paperDark, 0.35 + 0.5 * fibre + 0.3 * ((x / aspect - 0.5) ** 2 + (y - 0.5) ** 2));
    const distance = Math.hypot(x - sun.x, y - sun.y) + noise.at(x * 14, y * 14) * 0.004;
    lay(out, red, smooth(sun.size + pixel, sun.size - pixel, distance) * (0.86 + 0.3 * fibre));
    for (const bird of birds) {
      const dx = Math.abs(x - bird.x) / bird.size;
      if (dx > 1) continue;
      const wing = bird.y - bird.size * (0.55 * Math.sin(dx * Math.PI) ** 0.8 * (1 - 0.3 * dx));
      lay(out, ink, smooth(pixel * 1.6, 0, Math.abs(y - wing) - 0.0012) * 0.85);
    }
    for (const { depth, crest } of ridges) {
      const below = y - crest.at(x);
      if (below < -pixel) continue;
      // Wet ink: dark along the crest, thinning out into the mist below, with brush texture.
      const brush = noise.layered(x * 9 + depth * 13, y * 22 - x * 6, 3);
      const wash = Math.exp(-below * (7.5 - depth * 3.2));
      const strength = (0.2 + depth * 0.68) * wash * (0.92 + brush * 0.62);
      lay(out, paper, smooth(-pixel, pixel, below) * (0.5 * wash + 0.1));
      lay(
        out,
        mixed(ink, paper, 0.12 * (1 - depth)),
        smooth(-pixel, pixel * 1.5, below) * Math.min(0.96, strength),
      );
    }
    const mist =
      smooth(0.1, 0.5, noise.layered(x * 1.3, y * 5 + 4, 3) + 0.25) *
      smooth(0.4, 0.62, y) *
      smooth(0.98, 0.8, y);
    lay(out, paper, mist * 0.62);
    const across = Math.abs(x - seal.x);
    const down = Math.abs(y - seal.y);
    const inside = Math.max(across, down);
    if (inside < seal.size + pixel) {
      const lines = Math.max(
        smooth(0.0045, 0.003, Math.abs(across - 0.012)),
        smooth(0.0045, 0.003, Math.abs(down - 0.011)),
      );
      lay(out, red, smooth(seal.size + pixel, seal.size - pixel, inside) * 0.92);
      if (inside < seal.size * 0.78) lay(out, paper, lines * 0.9);
    }
  };
}
