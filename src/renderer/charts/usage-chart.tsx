import { memo } from 'react';
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatPercent } from '../../shared/format.ts';
import { type Band, bandHeight, bandsOf, bandTicks, bandTop, valueHeight } from './bands.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import type { ChartWindow } from './chart-window.ts';
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

/**
 * Percentages over time with the newest values as figures; broken where nothing was measured. Several
 * lines run one below the other, each in a band of its own: four GPUs across each other say nothing.
 */
export const UsageChart = memo(function UsageChart(props: UsageChartProps) {
  const { title, lines, silentFor } = props;
  const only = lines.length === 1 ? lines[0] : undefined;
  return (
    <figure className="chart" data-stale={silentFor !== null || undefined}>
      <figcaption className="chart-head">
        <span className="chart-title">{title}</span>
        {only ? (
          <>
            {only.amount !== null && <span className="chart-amount">{only.amount}</span>}
            <span className="chart-value">{shownValue(only, silentFor)}</span>
          </>
        ) : (
          <span className="chart-amount">each 0–100%</span>
        )}
      </figcaption>
      <div className="chart-body">
        <div
          className="chart-plot"
          role="img"
          aria-label={chartText(lines, silentFor)}
          style={only ? undefined : { height: lines.length * bandHeight + timeAxisHeight }}
        >
          <Plot {...props} />
        </div>
        {!only && (
          <ul className="chart-values">
            {lines.map((line) => (
              <li key={line.name} style={{ height: bandHeight }}>
                <span className="chart-line">{line.line} </span>
                {line.amount !== null && <span className="chart-amount">{line.amount}</span>}
                <span className="chart-value">{shownValue(line, silentFor)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </figure>
  );
});

function shownValue(line: Reading, silentFor: number | null): string {
  return silentFor !== null || line.percent === null ? '–' : formatPercent(line.percent);
}

const timeAxisHeight = 20;
const plotMargin = { top: 7, right: 1, bottom: 0, left: 0 };
const bandsMargin = { ...plotMargin, top: valueHeight };

function Plot({ metric, lines, points, range, window: { span, begin, middle } }: UsageChartProps) {
  const color = `var(--line-${metric})`;
  const bands = bandsOf(lines.length);
  const timeTicks = [range.until - span, range.until - span / 2, range.until];
  const timeLabels = [begin, middle, 'now'];
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} debounce={50}>
      <AreaChart
        data={points}
        margin={bands.length === 1 ? plotMargin : bandsMargin}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          domain={[range.since, range.until]}
          allowDataOverflow
          ticks={timeTicks}
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
          domain={[0, bandTop(bands)]}
          ticks={bandTicks(bands)}
          interval={0}
          allowDataOverflow
          tickLine={false}
          axisLine={false}
          width={46}
          tick={({ x, y, payload }: TickPlace & { payload: { value: number } }) => (
            <text className="chart-tick" x={Number(x)} y={Number(y) + 3.5} textAnchor="end">
              {bands.length === 1 ? `${payload.value}%` : null}
            </text>
          )}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={tooltipCursor}
          content={<ChartTooltip names={lines.map((line) => line.line ?? line.name)} />}
        />
        {bands.map((band) => (
          <Area
            key={band.line}
            dataKey={(point: PlotPoint) => valueInBand(point, band)}
            type="linear"
            baseValue={band.base}
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
        ))}
      </AreaChart>
    </ResponsiveContainer>
  );
}

interface TickPlace {
  x: number | string;
  y: number | string;
}

function valueInBand(point: PlotPoint, { line, base }: Band): number | null {
  const value = point.values[line] ?? null;
  return value === null ? null : value + base;
}

const tooltipCursor = { className: 'chart-cursor' };
const activeDot = { r: 3, strokeWidth: 0 };
