import type { Random } from '../random.ts';
import { glow, gradient, lay, mixed, type Rgb, rgb, set, smooth } from './colour.ts';
import { Noise, Profile } from './noise.ts';
import type { Painter, Sheet } from './sheet.ts';

interface Light {
  readonly sky: readonly Rgb[];
  readonly sun: Rgb;
  readonly far: Rgb;
  readonly near: Rgb;
  readonly mist: Rgb;
  /** Height of the sun, 0 top to 1 bottom. */
  readonly sunHeight: number;
  readonly aurora?: readonly [Rgb, Rgb];
}

const lights: readonly Light[] = [
  {
    sky: ['#28406e', '#5d76a8', '#c39bb0', '#f6b89a', '#ffe0b0'].map(rgb),
    sun: rgb('#fff0c8'),
    far: rgb('#b79cb4'),
    near: rgb('#14202f'),
    mist: rgb('#f5cfc0'),
    sunHeight: 0.42,
  },
  {
    sky: ['#171a3f', '#4a2a68', '#b3446c', '#f47a4e', '#ffc76b'].map(rgb),
    sun: rgb('#ffe9a0'),
    far: rgb('#a8506a'),
    near: rgb('#140f23'),
    mist: rgb('#ee8a62'),
    sunHeight: 0.46,
  },
  {
    sky: ['#2c6fb3', '#5d9fd4', '#a5cdea', '#dcebf2'].map(rgb),
    sun: rgb('#fffdf0'),
    far: rgb('#a9c3d8'),
    near: rgb('#16321f'),
    mist: rgb('#dfecf3'),
    sunHeight: 0.18,
  },
  {
    sky: ['#050b1d', '#0a1a3a', '#10345a', '#1f5a6b'].map(rgb),
    sun: rgb('#cfe8ff'),
    far: rgb('#27506b'),
    near: rgb('#040a12'),
    mist: rgb('#2f6f7c'),
    sunHeight: 0.2,
    aurora: [rgb('#3dffb0'), rgb('#9a5cff')],
  },
];

const ridgeCount = 6;

/** Mountains behind mountains, a lake that mirrors them, in the light of one of four hours. */
export function paintLandscape(random: Random, { aspect, pixel }: Sheet): Painter {
  const light = random.pick(lights);
  const noise = new Noise(random);
  const shore = random.between(0.68, 0.75);
  const sunX = aspect * random.between(0.25, 0.75);
  const sunSize = random.between(0.035, 0.06);
  const lift = random.between(0.85, 1.15);
  const ridges = Array.from({ length: ridgeCount }, (_, index) => {
    const depth = index / (ridgeCount - 1);
    const base = 0.42 + depth * (shore - 0.44);
    const height = (0.3 - depth * 0.2) * lift;
    const roughness = index === ridgeCount - 1 ? 0.022 : 0;
    return {
      depth,
      colour: mixed(light.far, light.near, depth ** 0.85),
      crest: new Profile(aspect, pixel, (x) => {
        const mountain = noise.ridged(
          x * (1.1 + depth * 1.1) + index * 7.7,
          index * 3.1,
          6 - Math.floor(depth * 3),
        );
        // The nearest ridge carries a forest: tall narrow teeth.
        const trees = roughness * (Math.abs(((x * 61) % 1) - 0.5) + 1.2 * noise.at(x * 38, 5.5));
        return base + 0.06 - (mountain - 0.3) * height - trees;
      }),
    };
  });

  const scene: Painter = (x, y, out) => {
    gradient(out, light.sky, (y / 0.62) * 0.95);
    paintSky(x, y, out);
    for (const { depth, colour, crest } of ridges) {
      const top = crest.at(x);
      const cover = smooth(-pixel, pixel, y - top);
      if (cover === 0) continue;
      const below = y - top;
      const slope = crest.at(x + 0.012) - crest.at(x - 0.012);
      const lit = Math.sign(sunX - x) * slope * 7;
      const texture = noise.at(x * 26 + depth * 9, y * 40) * 0.5;
      lay(out, colour, cover);
      // Light from the sun's side, and snow-pale crests far away.
      const shine = Math.max(0, lit * (0.9 - depth * 0.6) + texture * 0.25) * Math.exp(-below * 9);
      lay(out, light.sun, cover * Math.min(0.42, shine * (1.1 - depth)));
      lay(out, light.mist, cover * smooth(0.02, 0.34, below) * (0.74 - depth * 0.5));
    }
  };

  const paintSky = (x: number, y: number, out: Rgb) => {
    const distance = Math.hypot(x - sunX, y - light.sunHeight);
    glow(out, light.sun, 0.34 * Math.exp(-distance * 4.2) + 0.2 * Math.exp(-distance * 14));
    if (light.aurora) {
      paintAurora(x, y, out, light.aurora);
    } else {
      const cloud = noise.layered(x * 1.6 + 3, y * 7, 4);
      lay(out, light.sun, smooth(0.02, 0.55, cloud) * 0.55 * smooth(0.62, 0.12, y));
    }
    lay(out, light.sun, smooth(sunSize + pixel, sunSize - pixel, distance) * 0.96);
  };

  const paintAurora = (x: number, y: number, out: Rgb, [low, high]: readonly [Rgb, Rgb]) => {
    for (let veil = 0; veil < 2; veil += 1) {
      const hem =
        0.34 - veil * 0.09 + 0.13 * noise.at(x * 1.5 + veil * 4, 1.5) + 0.04 * noise.at(x * 5, veil);
      const above = hem - y;
      if (above < -0.02) continue;
      const rays = 0.55 + 0.45 * noise.at(x * 22 + noise.at(x * 4, veil) * 2, 3 + veil);
      const strength = smooth(-0.02, 0.015, above) * Math.exp(-above * 6.5) * rays;
      glow(out, mixed(low, high, smooth(0, 0.3, above)), strength * 0.75);
    }
    const star = noise.at(x * 130, y * 130);
    glow(out, light.sun, smooth(0.52, 0.66, star) * 0.8 * smooth(0.6, 0.2, y));
  };

  return (x, y, out) => {
    if (y < shore) {
      scene(x, y, out);
      return;
    }
    const depth = (y - shore) / (1 - shore);
    const ripple = noise.at(x * 9, (y * 120) / (0.25 + depth)) * (0.004 + 0.02 * depth);
    scene(x + ripple, Math.max(0, 2 * shore - y + ripple * 1.5), out);
    const mirrored: Rgb = [...out];
    set(out, mixed(light.near, light.far, 0.25));
    lay(out, mirrored, 0.78 - depth * 0.3);
    const path = Math.exp(-(((x - sunX) / (0.05 + depth * 0.14)) ** 2));
    const glint = smooth(0.1, 0.45, noise.at(x * 14, (y * 150) / (0.3 + depth)));
    lay(out, light.sun, path * glint * 0.6);
    lay(out, light.mist, 0.5 * smooth(0.06, 0, depth));
  };
}
