import type { TelemetrySample, TelemetrySeries } from '../../domain/telemetry/telemetry.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { mean } from '../../domain/values/mean.ts';

/** One place on the time axis; one value per line, null where the line is interrupted. */
export interface PlotPoint {
  /** ms since the epoch. */
  at: number;
  values: (number | null)[];
}

export interface PlotRange {
  /** ms since the epoch. */
  since: number;
  until: number;
}

const maxPoints = 300;
/** Crystools sends about once a second; silence beyond this is a gap in the line. */
const shortestGap = 3_500;
/** Minute means lie 60 s apart, a little more or less at the ends of a gap. */
const minuteGap = 100_000;

/**
 * The points to draw for a stretch of time: at most about 300 per line (neighbours are averaged), with
 * an empty point wherever nothing was measured, so that the line breaks instead of bridging a gap.
 */
export function plotPoints(
  series: TelemetrySeries,
  range: PlotRange,
  pick: (sample: TelemetrySample) => (number | null)[],
): PlotPoint[] {
  const older = since(series.older, range.since);
  const recent = since(series.recent, range.since);
  const runs = splitAtGaps([...older, ...recent], series.recent[0]?.at ?? 0, longestSilence(series));
  const count = older.length + recent.length;
  const step = (range.until - range.since) / maxPoints;
  return runs.flatMap((run, index) => {
    const points = run.map((sample): PlotPoint => ({ at: sample.at, values: pick(sample) }));
    const drawn = count > maxPoints * 1.5 ? averaged(points, step) : points;
    const first = drawn[0];
    return index === 0 || !first
      ? drawn
      : [{ at: first.at - 1, values: first.values.map(() => null) }, ...drawn];
  });
}

/**
 * How long a sender may be silent, ms, before we call it a gap: 3.5 s, or 2.5 of its usual intervals if
 * its user slowed it down.
 */
export function longestSilence(series: TelemetrySeries): number {
  const last = series.recent.slice(-20);
  const intervals = last.slice(1).map((sample, index) => sample.at - (last[index]?.at ?? sample.at));
  const median = intervals.sort((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? 0;
  return Math.max(shortestGap, median * 2.5);
}

/** Samples from `start` on, and the one before, so that the line comes in from the edge. */
function since(samples: readonly TelemetrySample[], start: number): readonly TelemetrySample[] {
  const index = samples.findLastIndex((sample) => sample.at < start);
  return index <= 0 ? samples : samples.slice(index);
}

function splitAtGaps(
  samples: readonly TelemetrySample[],
  recentSince: number,
  recentGap: number,
): TelemetrySample[][] {
  const runs: TelemetrySample[][] = [];
  let before: TelemetrySample | undefined;
  for (const sample of samples) {
    const allowed = before && before.at >= recentSince ? recentGap : minuteGap;
    const run = runs.at(-1);
    if (run && before && sample.at - before.at <= allowed) run.push(sample);
    else runs.push([sample]);
    before = sample;
  }
  return runs;
}

/** Means of fixed stretches of time: fixed, so that the line does not wobble while the window moves. */
function averaged(points: readonly PlotPoint[], step: number): PlotPoint[] {
  return groupBy(points, ({ at }) => Math.floor(at / step)).map((group) => ({
    at: mean(group.map((point) => point.at)) ?? 0,
    values: (group[0]?.values ?? []).map((_, line) => mean(group.map((point) => point.values[line] ?? null))),
  }));
}
