import { memo, type ReactNode, useMemo } from 'react';
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { ChartWindow } from '../session/chart-window.ts';
import { useLanguage } from '../ui/language.tsx';
import { ChartTooltip } from './chart-tooltip.tsx';
import type { PlotPoint } from './plot-points.ts';
import { chartText, type Metric, type Reading, shownValue } from './readings.ts';

export interface UsageChartProps {
  metric: Metric;
  title: ReactNode;
  /** The newest value. */
  reading: Reading;
  /** ms without news, if that is worth saying. */
  silentFor: number | null;
  points: PlotPoint[];
  /** The right end of the time axis, ms since the epoch. */
  until: number;
  window: ChartWindow;
}

/** Percentages over time with the newest value as a figure; broken where nothing was measured. */
export function UsageChart({ metric, title, reading, silentFor, points, until, window }: UsageChartProps) {
  return (
    <figure className="chart" data-stale={silentFor !== null || undefined}>
      <figcaption className="chart-head">
        <span className="chart-title">{title}</span>
        {reading.amount !== null && <span className="chart-amount">{reading.amount}</span>}
        <span className="chart-value">{shownValue(reading, silentFor)}</span>
      </figcaption>
      <div className="chart-plot" role="img" aria-label={chartText(reading, silentFor)}>
        <Plot metric={metric} name={reading.name} points={points} until={until} window={window} />
      </div>
    </figure>
  );
}

const timeAxisHeight = 20;
const plotMargin = { top: 7, right: 1, bottom: 0, left: 0 };

interface PlotProps extends Pick<UsageChartProps, 'metric' | 'points' | 'until' | 'window'> {
  name: string;
}

const Plot = memo(function Plot({ metric, name, points, until, window }: PlotProps) {
  useLanguage();
  const data = useMemo(() => points.map((point) => ({ ...point, ago: point.at - until })), [points, until]);
  const parts = useMemo(() => plotParts(metric, name, window), [metric, name, window]);
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} debounce={50}>
      <AreaChart data={data} margin={plotMargin} accessibilityLayer={false}>
        {parts}
      </AreaChart>
    </ResponsiveContainer>
  );
});

/**
 * Everything of a plot but its data. It is the same from one second to the next, so that recharts has only the lines
 * to draw anew: the axis says how long ago something was, and not when.
 */
function plotParts(metric: Metric, name: string, { span, begin, middle }: ChartWindow): ReactNode {
  const color = `var(--line-${metric})`;
  const timeLabels = [begin, middle, 'now'];
  return (
    <>
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="ago"
        type="number"
        domain={[-span, 0]}
        allowDataOverflow
        ticks={[-span, -span / 2, 0]}
        interval={0}
        tickLine={false}
        axisLine={false}
        height={timeAxisHeight}
        tick={({ x, y, index }: TickPlace & { index: number }) => (
          <text
            className="chart-tick"
            data-middle={index === 1 || undefined}
            x={x}
            y={Number(y) + 6}
            textAnchor={index === 0 ? 'start' : index === 2 ? 'end' : 'middle'}
          >
            {timeLabels[index]}
          </text>
        )}
      />
      <YAxis
        domain={[0, 100]}
        ticks={[0, 50, 100]}
        interval={0}
        allowDataOverflow
        tickLine={false}
        axisLine={false}
        width={46}
        tick={({ x, y, payload }: TickPlace & { payload: { value: number } }) => (
          <text className="chart-tick" x={Number(x)} y={Number(y) + 3.5} textAnchor="end">
            {payload.value}%
          </text>
        )}
      />
      <Tooltip isAnimationActive={false} cursor={tooltipCursor} content={<ChartTooltip name={name} />} />
      <Area
        dataKey={percentOf}
        type="linear"
        stroke={color}
        strokeWidth={1.6}
        strokeLinecap="round"
        strokeLinejoin="round"
        fill={color}
        fillOpacity={0.12}
        isAnimationActive={false}
        dot={false}
        activeDot={activeDot}
      />
    </>
  );
}

interface TickPlace {
  x: number | string;
  y: number | string;
}

function percentOf({ values }: PlotPoint): number | null {
  return values[0] ?? null;
}

const tooltipCursor = { className: 'chart-cursor' };
const activeDot = { r: 3, strokeWidth: 0 };
