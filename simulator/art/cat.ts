import type { Random } from '../random.ts';
import { glow, lay, mixed, type Rgb, rgb, smooth } from './colour.ts';
import { paintNebula } from './cosmos.ts';
import type { Painter, Sheet } from './sheet.ts';

const FURS: readonly (readonly [Rgb, Rgb])[] = [
  [rgb('#e8913a'), rgb('#b85f1d')],
  [rgb('#4b4f5c'), rgb('#2d303a')],
  [rgb('#efe6da'), rgb('#cbb9a3')],
  [rgb('#8c6f5a'), rgb('#5f4636')],
];
const EYES = ['#8fd14f', '#ffd166', '#6ec6ff'].map(rgb);
const SUITS = ['#eef2f7', '#ffd9a8', '#cfe3ff'].map(rgb);
const TRIMS = ['#e4572e', '#2e86ab', '#8e5bd0'].map(rgb);
const GLASS = rgb('#bfe3ff');
const PINK = rgb('#f29aa3');
const WHITE = rgb('#ffffff');
const NIGHT = rgb('#0b0d18');

/** A cat in a space suit in front of a nebula. */
export function paintCat(random: Random, { aspect, pixel }: Sheet): Painter {
  const { paint } = paintNebula(random, pixel);
  const [fur, shade] = random.pick(FURS);
  const iris = random.pick(EYES);
  const suit = random.pick(SUITS);
  const trim = random.pick(TRIMS);
  const belly = mixed(fur, WHITE, 0.55);
  const centre = { x: aspect * random.between(0.44, 0.56), y: 0.45 };
  const tilt = random.between(-0.12, 0.12);
  const look = random.between(-0.35, 0.35);
  const hasStripes = random.chance(0.6);
  const cos = Math.cos(tilt);
  const sin = Math.sin(tilt);
  const size = 0.3;
  const edge = pixel / size;
  const cover = (distance: number) => smooth(edge, -edge, distance);

  return (x, y, out) => {
    paint(x, y, out);
    // From here on the helmet has the radius 1 and its middle is the origin.
    const dx = (x - centre.x) / size;
    const dy = (y - centre.y) / size;
    const u = dx * cos + dy * sin;
    const v = dy * cos - dx * sin;
    if (Math.abs(u) > 2 || v < -1.3) return;
    paintSuit(u, v, out);
    const helmet = Math.hypot(u, v);
    if (helmet > 1.12) return;
    lay(out, suit, cover(helmet - 1.07));
    lay(out, mixed(suit, NIGHT, 0.35), cover(helmet - 1.07) * smooth(0.1, 1, v) * 0.5);
    lay(out, mixed(NIGHT, GLASS, 0.12), cover(helmet - 0.97));
    if (helmet < 0.97) paintFace(u, v + 0.02, out);
    glow(out, GLASS, 0.1 * cover(helmet - 0.97));
    glow(out, GLASS, 0.5 * smooth(0.82, 0.97, helmet) * cover(helmet - 0.97) * smooth(0.2, -0.8, u + v));
    const shine = Math.abs(Math.hypot(u + 0.05, v + 0.05) - 0.82);
    const angle = Math.atan2(v, u);
    lay(out, WHITE, 0.75 * smooth(0.05, 0.02, shine) * smooth(0.32, 0.25, Math.abs(angle + 2.3)));
    lay(out, WHITE, 0.6 * smooth(0.05, 0.02, shine) * smooth(0.07, 0.03, Math.abs(angle + 1.82)));
  };

  function paintSuit(u: number, v: number, out: Rgb): void {
    const body = roundBox(u, v - 1.75, 1.05 - 0.1 * (1.75 - v), 0.85, 0.55);
    lay(out, suit, cover(body));
    lay(out, mixed(suit, NIGHT, 0.5), cover(body) * 0.55 * smooth(0.35, 1.25, Math.abs(u + 0.15)));
    lay(out, trim, cover(body) * cover(Math.abs(Math.abs(u) - 0.62) - 0.07));
    lay(out, mixed(suit, NIGHT, 0.45), cover(roundBox(u, v - 1.02, 0.75, 0.13, 0.12)));
    lay(out, trim, cover(roundBox(u, v - 1, 0.7, 0.06, 0.06)));
    lay(out, trim, cover(Math.hypot(u + 0.32, v - 1.5) - 0.12));
    lay(out, WHITE, cover(Math.hypot(u + 0.32, v - 1.5) - 0.075));
  }

  function paintFace(u: number, v: number, out: Rgb): void {
    const side = Math.abs(u);
    lay(out, shade, cover(triangle(side - 0.42, v + 0.5, 0.25, 0.42)));
    lay(out, PINK, cover(triangle(side - 0.43, v + 0.46, 0.14, 0.28)) * 0.9);
    const head = Math.hypot(u / 0.74, (v - 0.1) / 0.6) - 1;
    const inHead = cover(head * 0.6);
    lay(out, fur, inHead);
    if (hasStripes) {
      const brow = cover(Math.abs(side - 0.13) - 0.03) * smooth(-0.24, -0.3, v);
      const cheek = smooth(0.5, 0.56, side) * cover(Math.abs(Math.abs(v - 0.16) - 0.07) - 0.022);
      lay(out, shade, inHead * Math.max(brow, cover(side - 0.028) * smooth(-0.22, -0.28, v), cheek) * 0.85);
    }
    lay(out, shade, inHead * 0.5 * smooth(-0.22, 0, head));
    lay(out, belly, inHead * cover(Math.hypot((side - 0.12) / 0.19, (v - 0.36) / 0.15) * 0.15 - 0.15));
    const eye = Math.hypot((side - 0.3) / 0.17, (v - 0.02) / 0.19) - 1;
    lay(out, NIGHT, cover(eye * 0.17 - 0.015));
    lay(out, iris, cover(eye * 0.17 + 0.012));
    const gaze = side - 0.3 - look * 0.1 * Math.sign(u);
    lay(out, NIGHT, cover(Math.hypot(gaze / 0.09, (v - 0.03) / 0.15) * 0.1 - 0.1));
    lay(out, WHITE, cover(Math.hypot(u - 0.3 * Math.sign(u) + 0.055, v + 0.045) - 0.042));
    lay(out, WHITE, 0.7 * cover(Math.hypot(u - 0.3 * Math.sign(u) - 0.05, v - 0.1) - 0.02));
    lay(out, PINK, cover(Math.hypot(side / 0.085, (v - 0.27) / (v < 0.27 ? 0.035 : 0.065)) * 0.06 - 0.06));
    const smile = Math.abs(Math.hypot(side - 0.085, v - 0.345) - 0.085);
    lay(out, NIGHT, 0.85 * cover(smile - 0.012) * (v > 0.355 ? 1 : 0));
    for (const slope of [-0.1, 0.04, 0.18]) {
      const whisker = Math.abs(v - 0.33 - (side - 0.28) * slope);
      lay(out, WHITE, 0.75 * cover(whisker - 0.006) * smooth(0.26, 0.32, side) * smooth(0.8, 0.62, side));
    }
  }
}

function roundBox(x: number, y: number, halfWidth: number, halfHeight: number, radius: number): number {
  const dx = Math.abs(x) - halfWidth + radius;
  const dy = Math.abs(y) - halfHeight + radius;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

/** A triangle with its tip up. */
function triangle(x: number, y: number, halfWidth: number, height: number): number {
  const down = y + height / 2;
  return Math.max(Math.abs(x) * 0.88 - (down * halfWidth * 0.88) / height, down - height * 1.4) * 0.9;
}
