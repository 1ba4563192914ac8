import type { Metric } from './readings.ts';

const dashes = ['none', '6 3', '2 3', '9 3 2 3', '4 2'] as const;
const colors = 6;

/** The colour of a chart's line: by metric while there is one GPU, by GPU when there are several. */
export function lineColor(metric: Metric, index: number, several: boolean): string {
  return several ? `var(--line-${(index % colors) + 1})` : `var(--line-${metric})`;
}

/** The dashes that tell lines apart without colour. */
export function lineDash(index: number): string {
  return dashes[index % dashes.length] ?? 'none';
}
