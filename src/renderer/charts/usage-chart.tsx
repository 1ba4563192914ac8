import { memo } from 'react';
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatPercent } from '../../shared/format.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import type { ChartWindow } from './chart-window.ts';
import { lineColor, lineDash } from './line-style.ts';
import type { PlotPoint, PlotRange } from './plot-points.ts';
import { chartText, type Metric, type Reading } from './readings.ts';

export interface UsageChartProps {
  metric: Metric;
  title: string;
  /** The newest value of each line. */
  lines: Reading[];
  /** ms without news, if that is worth saying. */
  silentFor: number | null;
  points: PlotPoint[];
  range: PlotRange;
  window: ChartWindow;
}

/** Percentages over time with the newest values as figures; broken where nothing was measured. */
export const UsageChart = memo(function UsageChart(props: UsageChartProps) {
  const { metric, title, lines, silentFor } = props;
  const only = lines.length === 1 ? lines[0] : undefined;
  return (
    <figure className="chart" data-stale={silentFor !== null || undefined}>
      <figcaption className="chart-head">
        <span className="chart-title">{title}</span>
        {only && (
          <>
            {only.amount !== null && <span className="chart-amount">{only.amount}</span>}
            <span className="chart-value">{shownValue(only, silentFor)}</span>
          </>
        )}
      </figcaption>
      <div className="chart-plot" role="img" aria-label={chartText(lines, silentFor)}>
        <Plot {...props} />
      </div>
      {!only && (
        <ul className="chart-legend">
          {lines.map((line, index) => (
            <li key={line.name}>
              <LineSample metric={metric} index={index} several />
              <span>{line.line ?? line.name}</span>
              <span className="chart-legend-value">
                {shownValue(line, silentFor)}
                {line.amount !== null && <span className="chart-amount"> {line.amount}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
});

function shownValue(line: Reading, silentFor: number | null): string {
  return silentFor !== null || line.percent === null ? '–' : formatPercent(line.percent);
}

function LineSample({ metric, index, several }: { metric: Metric; index: number; several: boolean }) {
  return (
    <svg className="line-sample" viewBox="0 0 22 6" width="22" height="6" aria-hidden="true">
      <line
        x1="1"
        x2="21"
        y1="3"
        y2="3"
        stroke={lineColor(metric, index, several)}
        strokeWidth="2"
        strokeDasharray={lineDash(index)}
      />
    </svg>
  );
}

const percentTicks = [0, 50, 100];

function Plot({ metric, lines, points, range, window: { span, begin, middle } }: UsageChartProps) {
  const several = lines.length > 1;
  const timeTicks = [range.until - span, range.until - span / 2, range.until];
  const timeLabels = [begin, middle, 'now'];
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} debounce={50}>
      <AreaChart data={points} margin={plotMargin} accessibilityLayer={false}>
        <CartesianGrid className="chart-grid" vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          domain={[range.since, range.until]}
          allowDataOverflow
          ticks={timeTicks}
          interval={0}
          tickLine={false}
          axisLine={false}
          height={16}
          tick={({ x, y, index }: { x: number | string; y: number | string; index: number }) => (
            <text
              className="chart-tick"
              x={x}
              y={Number(y) + 6}
              textAnchor={index === 0 ? 'start' : index === 2 ? 'end' : 'middle'}
            >
              {timeLabels[index]}
            </text>
          )}
        />
        <YAxis
          domain={percentDomain}
          ticks={percentTicks}
          interval={0}
          orientation="right"
          allowDataOverflow
          tickLine={false}
          axisLine={false}
          width={36}
          tick={({
            x,
            y,
            payload,
          }: {
            x: number | string;
            y: number | string;
            payload: { value: number };
          }) => (
            <text className="chart-tick" x={Number(x) - 2} y={Number(y) + 3.5}>
              {payload.value}%
            </text>
          )}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={tooltipCursor}
          content={<ChartTooltip names={lines.map((line) => line.line ?? line.name)} />}
        />
        {lines.map((line, index) => (
          <Area
            key={line.name}
            dataKey={(point: PlotPoint) => point.values[index] ?? null}
            name={line.name}
            type="linear"
            stroke={lineColor(metric, index, several)}
            strokeWidth={1.6}
            strokeLinecap="round"
            strokeLinejoin="round"
            strokeDasharray={lineDash(index)}
            fill={several ? 'none' : lineColor(metric, index, several)}
            fillOpacity={0.12}
            isAnimationActive={false}
            dot={false}
            activeDot={activeDot}
          />
        ))}
      </AreaChart>
    </ResponsiveContainer>
  );
}

const plotMargin = { top: 6, right: 0, bottom: 0, left: 1 };
const percentDomain = [0, 100];
const tooltipCursor = { className: 'chart-cursor' };
const activeDot = { r: 3, strokeWidth: 0 };
