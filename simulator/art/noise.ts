import type { Random } from '../random.ts';

const turn = Math.PI * 2;

/** Seeded gradient noise in two dimensions, about -0.7 to 0.7, smooth, without direction. */
export class Noise {
  readonly #permutation = new Uint8Array(512);
  readonly #gradients = new Float32Array(512);

  constructor(random: Random) {
    const values = Array.from({ length: 256 }, (_, index) => index);
    for (let index = 255; index >= 0; index -= 1) {
      const other = random.integer(index + 1);
      const value = values[index] ?? 0;
      values[index] = values[other] ?? 0;
      values[other] = value;
      const angle = random.next() * turn;
      this.#gradients[index * 2] = Math.cos(angle);
      this.#gradients[index * 2 + 1] = Math.sin(angle);
    }
    for (let index = 0; index < 512; index += 1) this.#permutation[index] = values[index & 255] ?? 0;
  }

  at(x: number, y: number): number {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const dx = x - column;
    const dy = y - row;
    const u = dx * dx * dx * (dx * (dx * 6 - 15) + 10);
    const v = dy * dy * dy * (dy * (dy * 6 - 15) + 10);
    const a = this.#corner(column, row, dx, dy);
    const b = this.#corner(column + 1, row, dx - 1, dy);
    const c = this.#corner(column, row + 1, dx, dy - 1);
    const d = this.#corner(column + 1, row + 1, dx - 1, dy - 1);
    const top = a + (b - a) * u;
    return top + (c + (d - c) * u - top) * v;
  }

  /** Octaves of noise on top of each other, each half as strong and twice as fine. */
  layered(x: number, y: number, octaves: number): number {
    let sum = 0;
    let strength = 1;
    let scale = 1;
    for (let octave = 0; octave < octaves; octave += 1) {
      sum += this.at(x * scale + octave * 17.3, y * scale - octave * 9.1) * strength;
      strength *= 0.5;
      scale *= 2.03;
    }
    return sum;
  }

  /** Layered noise folded at its zeros, 0–1: crests like those of mountains. */
  ridged(x: number, y: number, octaves: number): number {
    let sum = 0;
    let strength = 0.55;
    let scale = 1;
    for (let octave = 0; octave < octaves; octave += 1) {
      const crest = 1 - Math.abs(this.at(x * scale + octave * 31.7, y * scale)) * 1.6;
      sum += crest * crest * strength;
      strength *= 0.48;
      scale *= 2.1;
    }
    return sum;
  }

  #corner(column: number, row: number, dx: number, dy: number): number {
    const first = this.#permutation[column & 255] ?? 0;
    const index = (this.#permutation[first + (row & 255)] ?? 0) * 2;
    return (this.#gradients[index] ?? 0) * dx + (this.#gradients[index + 1] ?? 0) * dy;
  }
}

/** A function of one variable, sampled once, read often. */
export class Profile {
  readonly #samples: Float32Array;
  readonly #perUnit: number;

  /** @param spacing distance of the samples: about a pixel */
  constructor(length: number, spacing: number, sample: (x: number) => number) {
    const count = Math.max(16, Math.ceil(length / spacing));
    this.#perUnit = (count - 1) / length;
    this.#samples = Float32Array.from({ length: count }, (_, index) => sample(index / this.#perUnit));
  }

  at(x: number): number {
    const scaled = Math.min(this.#samples.length - 1.001, Math.max(0, x * this.#perUnit));
    const index = Math.floor(scaled);
    const from = this.#samples[index] ?? 0;
    return from + ((this.#samples[index + 1] ?? 0) - from) * (scaled - index);
  }
}
