import type { ReactNode } from 'react';
import { axisNames } from './plots/axis-names.ts';
import { ChartFrame } from './plots/chart-frame.tsx';
import { Curve } from './plots/curve.tsx';
import type { SpanPaths } from './plots/job-spans.ts';
import type { PlotPoint, TimeRange } from './plots/plot-points.ts';
import { chartText, type Metric, type Reading, shownValue } from './readings.ts';

export interface UsageChartProps {
  metric: Metric;
  title: ReactNode;
  /** What is told beside it: the newest value, or that of the moment pointed at. */
  reading: Reading;
  /** More figures of the same moment, each under a name that stays when it changes. */
  amounts?: Readonly<Record<string, string | null>>;
  /** ms without news, if that is worth saying. */
  silentFor: number | null;
  /** Of its one line. */
  points: readonly PlotPoint[];
  range: TimeRange;
  /** Whether the range ends now, and goes on. */
  isLive: boolean;
  spans?: SpanPaths | undefined;
}

/** Percentages over time with a value as a figure; broken where nothing was measured. */
export function UsageChart(props: UsageChartProps) {
  const { metric, title, reading, amounts = {}, silentFor, points, range, isLive, spans } = props;
  const told = Object.entries({ ...amounts, amount: reading.amount }).filter(([, text]) => text !== null);
  return (
    <figure className="chart" data-stale={silentFor !== null || undefined}>
      <figcaption className="chart-head">
        <span className="chart-title">{title}</span>
        {told.map(([name, text]) => (
          <span key={name} className="chart-amount">
            {text}
          </span>
        ))}
        <span className="chart-value">{shownValue(reading, silentFor)}</span>
      </figcaption>
      <div className="chart-plot" role="img" aria-label={chartText(reading, silentFor)}>
        <ChartFrame {...axisNames(range, isLive)} />
        <Curve metric={metric} points={points} line={0} range={range} spans={spans} />
      </div>
    </figure>
  );
}
