import { minuteGap, type PlotPoint } from '../plots/plot-points.ts';

/** What a line did in the time shown; null where it was never measured. */
export interface LineSummary {
  lowest: number | null;
  /** Over the time in which something was measured. */
  mean: number | null;
  highest: number | null;
}

/** Lowest, mean and highest of one of the points' lines. */
export function lineSummary(points: readonly PlotPoint[], line: number): LineSummary {
  let lowest: number | null = null;
  let highest: number | null = null;
  let sum = 0;
  let weights = 0;
  points.forEach(({ at, values, lows, highs }, index) => {
    const value = values[line] ?? null;
    if (value === null) return;
    const low = lows[line] ?? value;
    const high = highs[line] ?? value;
    lowest = lowest === null ? low : Math.min(lowest, low);
    highest = highest === null ? high : Math.max(highest, high);
    // Where points lie apart, each stands for more time.
    const next = points[index + 1];
    const neighbour = (next?.values[line] ?? null) === null ? points[index - 1] : next;
    const weight = Math.min(minuteGap, neighbour ? Math.abs(neighbour.at - at) : 1);
    sum += value * weight;
    weights += weight;
  });
  return { lowest, highest, mean: weights > 0 ? sum / weights : null };
}
