/** The place of one line on the shared axis of a chart: its 0% is at `base`, its 100% is 100 above. */
export interface Band {
  line: number;
  base: number;
}

/** How high a band is, px, with the space to the next one. */
export const bandHeight = 44;

const space = 22;

/** One band per line, the first one on top. */
export function bandsOf(lines: number): Band[] {
  return Array.from({ length: lines }, (_, line) => ({ line, base: (lines - 1 - line) * (100 + space) }));
}

/** The upper end of the axis that all bands share. */
export function bandTop(bands: readonly Band[]): number {
  return (bands[0]?.base ?? 0) + 100;
}

/** Where each band has its 0%, 50% and 100%. */
export function bandTicks(bands: readonly Band[]): number[] {
  return bands.flatMap(({ base }) => [base, base + 50, base + 100]);
}

/** The line that is named at a tick, half way up its band; null at the other ticks. */
export function bandLabelAt(bands: readonly Band[], tick: number): number | null {
  return bands.find(({ base }) => base + 50 === tick)?.line ?? null;
}
