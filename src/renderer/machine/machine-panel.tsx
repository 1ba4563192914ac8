import { useCallback, useId, useState } from 'react';
import { serverStateOf } from '../../domain/monitor-state.ts';
import { type Device, isCpuOnly, isReached, unknownFacts } from '../../domain/server.ts';
import { leadingSource } from '../../domain/telemetry/machine-state.ts';
import { emptySeries, type TelemetrySample, type TelemetrySeries } from '../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatDuration } from '../../domain/text/format.ts';
import { usePage, useServer, useSession } from '../session/session-context.tsx';
import { useNow, useOncePerTick } from '../ui/clock.ts';
import { SegmentedControl } from '../ui/controls/segmented-control.tsx';
import { useUnits } from '../ui/units.ts';
import './charts.css';
import { type ChartWindow, chartWindows, windowOf } from '../session/chart-window.ts';
import { Figures, figuresOf } from './figures.tsx';
import { FreeMemory } from './free-memory.tsx';
import { freshness } from './freshness.ts';
import { MissingTelemetry } from './missing-telemetry.tsx';
import { type PlotPoint, plotPoints } from './plot-points.ts';
import { isMeasured, type Metric, metrics, percentages, readings } from './readings.ts';
import { UsageChart } from './usage-chart.tsx';

/** The machine behind one server. However fast telemetry comes, it renders once a second. */
export function MachinePanel({ serverId }: { serverId: string }) {
  const { monitor } = useSession();
  const series = useOncePerTick(
    useCallback(
      () => serverStateOf(monitor.getState(), serverId)?.telemetry ?? emptySeries,
      [monitor, serverId],
    ),
  );
  const now = useNow();
  const facts = useServer(serverId, (server) => server.facts, unknownFacts);
  const connected = useServer(serverId, (server) => isReached(server.connection.phase), false);
  const polled = useServer(serverId, (server) => server.connection.phase === 'polling', false);
  const preferred = usePage((page) => page.preferences.charts.window);
  const units = useUnits();
  // What was chosen here holds until another window is preferred.
  const [chosen, setChosen] = useState({ id: preferred, over: preferred });
  const window = windowOf(chosen.over === preferred ? chosen.id : preferred);
  const choose = useCallback(
    (id: string) => setChosen({ id: windowOf(id).id, over: preferred }),
    [preferred],
  );
  const cpuOnly = isCpuOnly(facts.devices);
  const heading = useId();
  const { last, silentFor } = freshness(series, now);

  return (
    <section className="panel machine" aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>Machine</h2>
        <SegmentedControl
          label="Time shown in the charts"
          options={chartWindows}
          selected={window.id}
          onSelect={choose}
        />
      </header>
      {silentFor !== null && (
        <p className="machine-silence" role="status">
          No data for {formatDuration(silentFor)}
        </p>
      )}
      {last && (
        <Charts
          series={series}
          last={last}
          silentFor={silentFor}
          now={now}
          window={window}
          units={units}
          devices={facts.devices}
        />
      )}
      {last && <Figures figures={figuresOf(last, units, cpuOnly)} stale={silentFor !== null} />}
      <MissingTelemetry
        facts={facts}
        source={leadingSource(series.machine)}
        last={last}
        connected={connected}
        polled={polled}
      />
      <FreeMemory serverId={serverId} connected={connected} cpuOnly={cpuOnly} />
    </section>
  );
}

interface ChartsProps {
  series: TelemetrySeries;
  last: TelemetrySample;
  silentFor: number | null;
  now: number;
  window: ChartWindow;
  units: ByteUnits;
  devices: Device[];
}

function Charts({ series, last, silentFor, now, window, units, devices }: ChartsProps) {
  const shown = metrics.filter((metric) => isMeasured(metric, last));
  const plots = usePlots(series, Math.max(now, last.at), window, shown);
  return (
    <div className="charts">
      {plots.map(({ metric, points, until }) => (
        <UsageChart
          key={metric}
          metric={metric}
          title={titleOf(metric, devices)}
          lines={readings(metric, last, units)}
          silentFor={silentFor}
          points={points}
          until={until}
          window={window}
        />
      ))}
    </div>
  );
}

interface PlotData {
  metric: Metric;
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
function usePlots(
  series: TelemetrySeries,
  now: number,
  window: ChartWindow,
  shown: readonly Metric[],
): PlotData[] {
  const move = Math.min(longestMove, window.span / movesPerWindow);
  // The first samples are awaited.
  const count = Math.min(series.recent.length, firstSamples);
  const key = `${Math.floor(now / move)} ${window.id} ${shown.join(' ')} ${count}`;
  const [drawn, setDrawn] = useState<{ key: string; plots: PlotData[] } | null>(null);
  if (drawn?.key === key) return drawn.plots;
  const range = { since: now - window.span, until: now };
  const plots = shown.map((metric) => ({
    metric,
    points: plotPoints(series, range, (sample) => percentages(metric, sample)),
    until: now,
  }));
  setDrawn({ key, plots });
  return plots;
}

function titleOf(metric: Metric, devices: readonly Device[]): string {
  const [only, ...others] = devices;
  const model = only && others.length === 0 && metric === 'load' ? modelName(only.name) : null;
  const title = { load: 'GPU', vram: 'VRAM', ram: 'RAM' }[metric];
  return model === null ? title : `${title} · ${model}`;
}

/** `cuda:0 NVIDIA GeForce RTX 4090 : cudaMallocAsync` is known to people as `RTX 4090`. */
function modelName(device: string): string | null {
  const name = device
    .replace(/^[a-z]+:\d+\s+/i, '')
    .replace(/\s+:\s+\w+$/, '')
    .replace(/^(NVIDIA|AMD|Intel\(R\))\s+/i, '')
    .replace(/^(GeForce|Radeon)\s+/i, '');
  return name === '' || name === 'cpu' ? null : name;
}
