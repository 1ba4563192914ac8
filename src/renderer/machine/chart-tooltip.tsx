import { formatPercent } from '../../domain/text/format.ts';
import { wallTimeOf } from '../ui/clock.ts';
import type { PlotPoint } from './plot-points.ts';

interface ChartTooltipProps {
  names: string[];
  /** Filled in by the chart while the pointer is over it. */
  active?: boolean;
  payload?: readonly { payload?: PlotPoint }[];
}

/** What was measured at the pointer. */
export function ChartTooltip({ names, active, payload }: ChartTooltipProps) {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  return (
    <div className="chart-tooltip">
      <time>{new Date(wallTimeOf(point.at)).toLocaleTimeString('en-GB')}</time>
      {names.map((name, index) => {
        const value = point.values[index];
        return (
          <div key={name}>
            <span>{name}</span>
            <b>{value === null || value === undefined ? '–' : formatPercent(value)}</b>
          </div>
        );
      })}
    </div>
  );
}
