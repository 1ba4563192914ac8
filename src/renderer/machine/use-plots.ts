import { useState } from 'react';
import type { NamedGpu } from '../../domain/telemetry/machine-gpus.ts';
import type { TelemetrySeries } from '../../domain/telemetry/telemetry.ts';
import type { ChartWindow } from '../session/chart-window.ts';
import { type PlotPoint, plotPoints } from './plot-points.ts';
import { type Metric, percentages } from './readings.ts';

/** The lines of a metric over time: of RAM one, else one for each GPU. */
export interface PlotData {
  points: PlotPoint[];
  /** The right end of the time axis, ms since the epoch. */
  until: number;
}

/** So many times a plot is drawn anew until all of it has moved out of sight. */
const movesPerWindow = 150;
const longestMove = 30_000;
const firstSamples = 5;

/**
 * The lines to draw. They move by a pixel or two at a time and not once a second: what cannot be seen is not worth
 * drawing. The figures beside them are those of the last second all the same.
 */
export function usePlots(
  series: TelemetrySeries,
  now: number,
  window: ChartWindow,
  shown: readonly Metric[],
  gpus: readonly NamedGpu[],
): Partial<Record<Metric, PlotData>> {
  const move = Math.min(longestMove, window.span / movesPerWindow);
  // The first samples are awaited.
  const count = Math.min(series.recent.length, firstSamples);
  const places = gpus.map(({ place }) => place).join(',');
  const key = `${Math.floor(now / move)} ${window.id} ${shown.join(' ')} ${places} ${count}`;
  const [drawn, setDrawn] = useState<{ key: string; plots: Partial<Record<Metric, PlotData>> } | null>(null);
  if (drawn?.key === key) return drawn.plots;
  const range = { since: now - window.span, until: now };
  const plots: Partial<Record<Metric, PlotData>> = {};
  for (const metric of shown)
    plots[metric] = {
      points: plotPoints(series, range, (sample) => percentages(metric, sample, gpus)),
      until: now,
    };
  setDrawn({ key, plots });
  return plots;
}
