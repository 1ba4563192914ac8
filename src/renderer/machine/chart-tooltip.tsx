import { formatPercent } from '../../domain/text/format.ts';
import { wallTimeOf } from '../ui/clock.ts';
import type { PlotPoint } from './plot-points.ts';

interface ChartTooltipProps {
  name: string;
  /** Filled in by the chart while the pointer is over it. */
  active?: boolean;
  payload?: readonly { payload?: PlotPoint }[];
  /** Which of the point's values it is about. */
  line?: number;
}

/** What was measured at the pointer. */
export function ChartTooltip({ name, active, payload, line = 0 }: ChartTooltipProps) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  const value = point.values[line];
  return (
    <div className="chart-tooltip">
      <time>{new Date(wallTimeOf(point.at)).toLocaleTimeString('en-GB')}</time>
      <div>
        <span>{name}</span>
        <b>{value === null || value === undefined ? '–' : formatPercent(value)}</b>
      </div>
    </div>
  );
}
