import type { Random } from '../random.ts';
import { gradient, lay, mixed, type Rgb, rgb, smooth } from './colour.ts';
import { paintCosmos } from './cosmos.ts';
import { paintLandscape } from './landscape.ts';
import { Noise } from './noise.ts';
import type { Painter, Sheet } from './sheet.ts';

/** A head in profile, looking left, from the chest up along the face and down the back; x and y 0–1. */
const OUTLINE: readonly (readonly [number, number])[] = [
  [0.02, 1.1],
  [0.1, 0.96],
  [0.24, 0.885],
  [0.35, 0.85],
  [0.395, 0.79],
  [0.385, 0.735],
  [0.33, 0.722],
  [0.265, 0.728],
  [0.232, 0.7],
  [0.238, 0.672],
  [0.226, 0.652],
  [0.236, 0.633],
  [0.216, 0.612],
  [0.232, 0.588],
  [0.222, 0.572],
  [0.184, 0.556],
  [0.19, 0.53],
  [0.224, 0.473],
  [0.236, 0.43],
  [0.222, 0.385],
  [0.226, 0.3],
  [0.27, 0.205],
  [0.36, 0.13],
  [0.48, 0.1],
  [0.6, 0.12],
  [0.7, 0.19],
  [0.752, 0.3],
  [0.752, 0.42],
  [0.712, 0.54],
  [0.672, 0.63],
  [0.668, 0.72],
  [0.72, 0.8],
  [0.84, 0.86],
  [0.95, 0.93],
  [1.04, 1.1],
];

const PAPERS: readonly (readonly Rgb[])[] = [
  ['#f6efe6', '#e9d8c6'].map(rgb),
  ['#eef1f2', '#cfd9dd'].map(rgb),
  ['#f7e6dc', '#e6bfae'].map(rgb),
];
const MASK = 96;

/** The outline is the same for every picture and costs a few ms: kept once made. */
let outline: ((x: number, y: number) => number) | undefined;

/** A double exposure: a head in profile filled with a landscape or a night sky, on paper. */
export function paintProfile(random: Random, sheet: Sheet): Painter {
  const { aspect } = sheet;
  const noise = new Noise(random);
  const paper = random.pick(PAPERS);
  const facesRight = random.chance(0.5);
  const inside = random.chance(0.5) ? paintLandscape(random, sheet) : paintCosmos(random, sheet);
  outline ??= outlineDistances();
  const distances = outline;
  const left = aspect / 2 - 0.52;
  const [, edge] = paper;
  const rim = mixed(edge ?? [0.8, 0.7, 0.6], [0.25, 0.16, 0.14], 0.55);

  return (x, y, out) => {
    gradient(out, paper, 0.2 + y * 0.6 + noise.layered(x * 2, y * 2, 3) * 0.35);
    const across = (x - left) / 1.04;
    const distance = distances((facesRight ? 1 - across : across) + noise.at(x * 30, y * 30) * 0.002, y);
    const cover = smooth(-0.006, 0.006, distance);
    // A breath of the inner picture drifts out behind the head, like ink in water.
    const drift =
      smooth(0.05, 0.5, noise.layered(x * 2.4 + 5, y * 2.4, 4)) * Math.exp(distance * 7) * (1 - cover);
    if (cover === 0 && drift < 0.01) return;
    const picture: Rgb = [0, 0, 0];
    inside(x, y, picture);
    lay(out, picture, drift * 0.75);
    if (cover > 0) {
      lay(picture, rim, 0.34 * smooth(0.07, 0, distance));
      lay(picture, paper[0] ?? rim, 0.9 * smooth(0.8, 1.06, y));
      lay(out, picture, cover * 0.96);
    }
  };
}

/** How far a point is inside the outline (negative outside), from a grid filled once. */
function outlineDistances(): (x: number, y: number) => number {
  const curve = smoothed(OUTLINE, 3);
  const grid = new Float32Array(MASK * MASK);
  for (let row = 0; row < MASK; row += 1) {
    for (let column = 0; column < MASK; column += 1) {
      grid[row * MASK + column] = signedDistance(curve, column / (MASK - 1), row / (MASK - 1));
    }
  }
  return (x, y) => {
    const column = Math.min(MASK - 1.001, Math.max(0, x * (MASK - 1)));
    const row = Math.min(MASK - 1.001, Math.max(0, y * (MASK - 1)));
    const at = Math.floor(row) * MASK + Math.floor(column);
    const u = column - Math.floor(column);
    const v = row - Math.floor(row);
    const top = (grid[at] ?? 0) * (1 - u) + (grid[at + 1] ?? 0) * u;
    const bottom = (grid[at + MASK] ?? 0) * (1 - u) + (grid[at + MASK + 1] ?? 0) * u;
    return top * (1 - v) + bottom * v;
  };
}

/** A Catmull-Rom curve through the points. */
function smoothed(points: readonly (readonly [number, number])[], parts: number): [number, number][] {
  return points.flatMap((b, index): [number, number][] => {
    const a = points[Math.max(0, index - 1)] ?? b;
    const c = points[Math.min(points.length - 1, index + 1)] ?? b;
    const d = points[Math.min(points.length - 1, index + 2)] ?? c;
    return Array.from({ length: parts }, (_, part) => {
      const t = part / parts;
      const blend = (p: number, q: number, r: number, s: number) =>
        0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t ** 3);
      return [blend(a[0], b[0], c[0], d[0]), blend(a[1], b[1], c[1], d[1])];
    });
  });
}

function signedDistance(curve: readonly (readonly [number, number])[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let isInside = false;
  let [px, py] = curve.at(-1) ?? [0, 0];
  for (const [qx, qy] of curve) {
    const ex = qx - px;
    const ey = qy - py;
    const along = Math.min(1, Math.max(0, ((x - px) * ex + (y - py) * ey) / (ex * ex + ey * ey || 1)));
    const dx = x - px - ex * along;
    const dy = y - py - ey * along;
    nearest = Math.min(nearest, dx * dx + dy * dy);
    if (py > y !== qy > y && x < px + ((y - py) * ex) / ey) isInside = !isInside;
    px = qx;
    py = qy;
  }
  return Math.sqrt(nearest) * (isInside ? 1 : -1);
}
