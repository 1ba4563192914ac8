/** How long to wait before the next try, ms: `first` after no failure, twice as long after each one, up to `longest`. */
export function doublingWait(
  failures: number,
  { first, longest }: { first: number; longest: number },
): number {
  return Math.min(longest, first * 2 ** failures);
}

/**
 * Makes a wait (ms) shorter by chance, by up to `share` (0–1) of it, so that many who wait do not come back in step.
 * `random` is 0–1.
 */
export function jittered(wait: number, share: number, random: number): number {
  return wait * (1 - share + share * random);
}
