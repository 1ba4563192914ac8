import type { Seeded } from '../faults/seeded.ts';

/** One thing that must hold whatever it is given. */
export interface FuzzTarget {
  name: string;
  /** How much of all inputs it gets, against the others. */
  share: number;
  /** Makes an input by chance and tries it; throws or rejects where something does not hold. */
  attempt(chance: Seeded): void | Promise<void>;
}

/** Throws with what does not hold. */
export function mustHold(holds: boolean, what: string, input?: unknown): asserts holds {
  if (holds) return;
  throw new Error(input === undefined ? what : `${what}: ${shown(input)}`);
}

function shown(input: unknown): string {
  const text = typeof input === 'string' ? JSON.stringify(input) : (JSON.stringify(input) ?? String(input));
  return text.length > 1_000 ? `${text.slice(0, 1_000)}… (${text.length} characters)` : text;
}
