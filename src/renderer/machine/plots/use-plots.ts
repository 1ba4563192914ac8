import { useState } from 'react';
import type { Job } from '../../../domain/jobs/job.ts';
import type { NamedGpu } from '../../../domain/telemetry/machine-gpus.ts';
import type { TelemetrySeries } from '../../../domain/telemetry/telemetry.ts';
import { extremes, type Metric, percentages } from '../readings.ts';
import { type JobSpan, jobSpans, type SpanPaths, spanPaths } from './job-spans.ts';
import { type PlotPoint, plotPoints, type TimeRange } from './plot-points.ts';

/** What is drawn of a stretch of time. */
export interface Plots {
  range: TimeRange;
  /** Of each metric its lines: of RAM one, else one for each GPU. */
  points: Partial<Record<Metric, PlotPoint[]>>;
  /** What ran meanwhile. */
  jobs: JobSpan[];
  spans: SpanPaths;
}

/** So many times a plot is drawn anew until all of it has moved out of sight. */
const movesPerSpan = 150;
const longestMove = 30_000;
const firstSamples = 5;

interface PlotSource {
  series: TelemetrySeries;
  jobs: readonly Job[];
  /** ms since the epoch. */
  now: number;
  /** What is to be shown at `now`. */
  range: TimeRange;
  /** Whether that goes on with the time. */
  isLive: boolean;
  shown: readonly Metric[];
  gpus: readonly NamedGpu[];
}

/**
 * The lines to draw. They move by a pixel or two at a time and not once a second: what cannot be seen is not worth
 * drawing. The figures beside them are those of the last second all the same.
 */
export function usePlots({ series, jobs, now, range, isLive, shown, gpus }: PlotSource): Plots {
  const span = range.until - range.since;
  const move = Math.min(longestMove, span / movesPerSpan);
  // The first samples are awaited.
  const count = Math.min(series.recent.length, firstSamples);
  const place = isLive
    ? `${Math.floor(now / move)} ${Math.round(span / move)}`
    : `${range.since} ${range.until}`;
  const key = [place, ...shown, ...gpus.map((gpu) => gpu.place), count].join(' ');
  const [drawn, setDrawn] = useState<{ key: string; plots: Plots } | null>(null);
  if (drawn?.key === key) return drawn.plots;
  const points: Plots['points'] = {};
  for (const metric of shown)
    points[metric] = plotPoints(series, range, {
      values: (sample) => percentages(metric, sample, gpus),
      extremes: (minute) => extremes(metric, minute, gpus),
    });
  const ran = jobSpans(jobs, now, range);
  const plots = { range, points, jobs: ran, spans: spanPaths(ran, range) };
  setDrawn({ key, plots });
  return plots;
}
