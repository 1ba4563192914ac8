import { memo, type ReactNode, useMemo } from 'react';
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatPercent } from '../../domain/text/format.ts';
import type { ChartWindow } from '../session/chart-window.ts';
import { type Band, bandHeight, bandsOf, bandTicks, bandTop, valueHeight } from './bands.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import type { PlotPoint } from './plot-points.ts';
import { chartText, type Metric, type Reading } from './readings.ts';

export interface UsageChartProps {
  metric: Metric;
  title: string;
  /** The newest value of each line. */
  lines: Reading[];
  /** ms without news, if that is worth saying. */
  silentFor: number | null;
  points: PlotPoint[];
  /** The right end of the time axis, ms since the epoch. */
  until: number;
  window: ChartWindow;
}

/**
 * Percentages over time with the newest values as figures; broken where nothing was measured. Several
 * lines run one below the other, each in a band of its own: four GPUs across each other say nothing.
 */
export function UsageChart({ metric, title, lines, silentFor, points, until, window }: UsageChartProps) {
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
          <Plot
            metric={metric}
            names={lines.map((line) => line.line ?? line.name).join('\n')}
            points={points}
            until={until}
            window={window}
          />
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
}

function shownValue(line: Reading, silentFor: number | null): string {
  return silentFor !== null || line.percent === null ? '–' : formatPercent(line.percent);
}

const timeAxisHeight = 20;
const plotMargin = { top: 7, right: 1, bottom: 0, left: 0 };
const bandsMargin = { ...plotMargin, top: valueHeight };

interface PlotProps extends Pick<UsageChartProps, 'metric' | 'points' | 'until' | 'window'> {
  /** Of the lines, one per line of text: as one text they are the same as long as they say the same. */
  names: string;
}

const Plot = memo(function Plot({ metric, names, points, until, window }: PlotProps) {
  const data = useMemo(() => points.map((point) => ({ ...point, ago: point.at - until })), [points, until]);
  const parts = useMemo(() => plotParts(metric, names.split('\n'), window), [metric, names, window]);
  return (
    <ResponsiveContainer width="100%" height="100%" minWidth={0} debounce={50}>
      <AreaChart
        data={data}
        margin={names.includes('\n') ? bandsMargin : plotMargin}
        accessibilityLayer={false}
      >
        {parts}
      </AreaChart>
    </ResponsiveContainer>
  );
});

/** A point as it is drawn: `ago` is its distance from now, ms, and never positive. */
type DrawnPoint = PlotPoint & { ago: number };

/**
 * Everything of a plot but its data. It is the same from one second to the next, so that recharts has only the lines
 * to draw anew: the axis says how long ago something was, and not when.
 */
function plotParts(metric: Metric, names: string[], { span, begin, middle }: ChartWindow): ReactNode {
  const color = `var(--line-${metric})`;
  const bands = bandsOf(names.length);
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
      <Tooltip isAnimationActive={false} cursor={tooltipCursor} content={<ChartTooltip names={names} />} />
      {bands.map((band) => (
        <Area
          key={band.line}
          dataKey={(point: DrawnPoint) => valueInBand(point, band)}
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
    </>
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
