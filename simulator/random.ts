/**
 * A small seeded generator (mulberry32 over a hashed seed): the same seed gives the same numbers on every
 * machine, and `fork` gives an independent stream per purpose, so that drawing more numbers for telemetry
 * never changes which prompts the scenario submits.
 */
export class Random {
  #state: number;
  readonly #origin: string;

  constructor(seed: number | string) {
    this.#origin = String(seed);
    this.#state = hashText(this.#origin);
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number in [0, limit). */
  integer(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the given values; throws RangeError for an empty list. */
  pick<T>(values: readonly T[]): T {
    const value = values[this.integer(values.length)];
    if (value === undefined) throw new RangeError('cannot pick from an empty list');
    return value;
  }

  /** A UUID in the canonical lower-case form that ComfyUI asks for in prompt ids. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, (_, index) => {
      if (index === 12) return '4';
      if (index === 16) return (8 + this.integer(4)).toString(16);
      return this.integer(16).toString(16);
    }).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  fork(label: string): Random {
    return new Random(`${this.#origin}/${label}`);
  }
}

/** FNV-1a, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
