import type {
  TelemetryMinute,
  TelemetrySample,
  TelemetrySeries,
} from '../../../domain/telemetry/telemetry.ts';
import { groupBy } from '../../../domain/values/group-by.ts';
import { mean } from '../../../domain/values/mean.ts';

/** One place on the time axis; of each line a value, null where it is interrupted. */
export interface PlotPoint {
  /** ms since the epoch. */
  at: number;
  /** Means, where a point stands for more than one sample. */
  values: Values;
  /** The lowest and the highest that was measured around it. */
  lows: Values;
  highs: Values;
}

type Values = readonly (number | null)[];

/** A stretch of time, ms since the epoch. */
export interface TimeRange {
  since: number;
  until: number;
}

/** What is drawn of samples: a value for each line, and of a minute its extremes. */
export interface Lines {
  values(sample: TelemetrySample): Values;
  extremes(minute: TelemetryMinute): { lows: Values; highs: Values };
}

const maxPoints = 300;
/** Crystools sends about once a second; silence beyond this is a gap in the line. */
const shortestGap = 3_500;
/** Minute means lie 60 s apart, a little more or less at the ends of a gap. */
export const minuteGap = 100_000;

/**
 * The points to draw for a stretch of time: at most about 300 per line (neighbours are averaged, and their extremes
 * kept), with an empty point wherever nothing was measured, so that the line breaks instead of bridging a gap.
 */
export function plotPoints(series: TelemetrySeries, range: TimeRange, lines: Lines): PlotPoint[] {
  const older = within(series.older, range);
  const recent = within(series.recent, range);
  const points = [
    ...older.map((minute): PlotPoint => {
      const values = lines.values(minute);
      return { at: minute.at, values, ...lines.extremes(minute) };
    }),
    ...recent.map((sample): PlotPoint => {
      const values = lines.values(sample);
      return { at: sample.at, values, lows: values, highs: values };
    }),
  ];
  const runs = splitAtGaps(points, series.recent[0]?.at ?? Number.POSITIVE_INFINITY, longestSilence(series));
  const step = (range.until - range.since) / maxPoints;
  return runs.flatMap((run, index) => {
    const drawn = points.length > maxPoints * 1.5 ? averaged(run, step) : run;
    const first = drawn[0];
    return index === 0 || !first ? drawn : [emptyPoint(first), ...drawn];
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

/** What lies in a stretch, and one more at either end, so that the line goes on to the edges. */
function within<T extends TelemetrySample>(samples: readonly T[], { since, until }: TimeRange): readonly T[] {
  const before = samples.findLastIndex((sample) => sample.at < since);
  const after = samples.findIndex((sample) => sample.at > until);
  return samples.slice(Math.max(0, before), after === -1 ? samples.length : after + 1);
}

function splitAtGaps(points: readonly PlotPoint[], recentSince: number, recentGap: number): PlotPoint[][] {
  const runs: PlotPoint[][] = [];
  let before: PlotPoint | undefined;
  for (const point of points) {
    const allowed = before && before.at >= recentSince ? recentGap : minuteGap;
    const run = runs.at(-1);
    if (run && before && point.at - before.at <= allowed) run.push(point);
    else runs.push([point]);
    before = point;
  }
  return runs;
}

function emptyPoint({ at, values }: PlotPoint): PlotPoint {
  const nothing = values.map(() => null);
  return { at: at - 1, values: nothing, lows: nothing, highs: nothing };
}

/** Means of fixed stretches of time: fixed, so that the line does not wobble while the window moves. */
function averaged(points: readonly PlotPoint[], step: number): PlotPoint[] {
  return groupBy(points, ({ at }) => Math.floor(at / step)).map((group) => {
    const lines = (group[0]?.values ?? []).map((_, line) => line);
    return {
      at: mean(group.map((point) => point.at)) ?? 0,
      values: lines.map((line) => mean(group.map((point) => point.values[line] ?? null))),
      lows: lines.map((line) => extreme(Math.min, group, ({ lows }) => lows[line])),
      highs: lines.map((line) => extreme(Math.max, group, ({ highs }) => highs[line])),
    };
  });
}

function extreme(
  of: (a: number, b: number) => number,
  points: readonly PlotPoint[],
  pick: (point: PlotPoint) => number | null | undefined,
): number | null {
  let found: number | null = null;
  for (const point of points) {
    const value = pick(point) ?? null;
    if (value !== null) found = found === null ? value : of(found, value);
  }
  return found;
}
