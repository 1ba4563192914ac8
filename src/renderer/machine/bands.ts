/** The place of one line on the shared axis of a chart: its 0% is at `base`, its 100% is 100 above. */
export interface Band {
  line: number;
  base: number;
}

/** Room above a band for the name of its line and the newest value, px. */
export const valueHeight = 23;

/** How high a band is, px, with that room. */
export const bandHeight = 52;

/** That room in units of the axis, of which a band has 100. */
const space = (100 * valueHeight) / (bandHeight - valueHeight);

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
