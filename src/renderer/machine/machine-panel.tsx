import { useCallback, useId, useMemo, useState } from 'react';
import { serverStateOf } from '../../domain/monitor-state.ts';
import { type Device, isCpuOnly, isReached, unknownFacts } from '../../domain/server.ts';
import { gpuModel } from '../../domain/telemetry/gpu-model.ts';
import { machineGpus, type NamedGpu } from '../../domain/telemetry/machine-gpus.ts';
import { leadingSource } from '../../domain/telemetry/machine-state.ts';
import { emptySeries, type TelemetrySample, type TelemetrySeries } from '../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatDuration, formatTimeOfDay } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { windowOf, windowOptions } from '../session/chart-window.ts';
import { useDialogs } from '../session/dialogs-context.ts';
import { usePage, useServer, useSession } from '../session/session-context.tsx';
import { hostNow, useNow, useOncePerTick, wallTimeOf } from '../ui/clock.ts';
import { SegmentedControl } from '../ui/controls/segmented-control.tsx';
import { useUnits } from '../ui/units.ts';
import './charts.css';
import { Charts } from './charts.tsx';
import { Figures, figuresOf } from './figures.tsx';
import { FreeMemory } from './free-memory.tsx';
import { freshness } from './freshness.ts';
import type { NotedGpu } from './gpus/gpu-list.tsx';
import { GpuNotes } from './gpus/gpu-notes.tsx';
import { gpuNotes } from './gpus/gpu-words.ts';
import { OtherGpus } from './gpus/other-gpus.tsx';
import { MissingTelemetry } from './missing-telemetry.tsx';
import { fitted, keptRange, windowRange } from './plots/chart-view.ts';
import { CrosshairContext, createCrosshair } from './plots/crosshair.ts';
import type { TimeRange } from './plots/plot-points.ts';
import { usePlots } from './plots/use-plots.ts';
import { isMeasured, metrics } from './readings.ts';

/** The machine behind one server. However fast telemetry comes, it renders once a second. */
export function MachinePanel({ serverId }: { serverId: string }) {
  const { monitor } = useSession();
  const server = useOncePerTick(
    useCallback(() => serverStateOf(monitor.getState(), serverId), [monitor, serverId]),
  );
  const series = server?.telemetry ?? emptySeries;
  const now = useNow();
  const facts = useServer(serverId, (server) => server.facts, unknownFacts);
  const connected = useServer(serverId, (server) => isReached(server.connection.phase), false);
  const polled = useServer(serverId, (server) => server.connection.phase === 'polling', false);
  const preferred = usePage((page) => page.preferences.charts.window);
  const { installCompanion } = useDialogs();
  const units = useUnits();
  // What was chosen here holds until another window is preferred.
  const [chosen, setChosen] = useState({ id: preferred, over: preferred });
  const window = windowOf(chosen.over === preferred ? chosen.id : preferred);
  const [zoom, setZoom] = useState<TimeRange | null>(null);
  const choose = useCallback(
    (id: string) => {
      setChosen({ id: windowOf(id).id, over: preferred });
      setZoom(null);
    },
    [preferred],
  );
  const crosshair = useMemo(
    () =>
      createCrosshair({
        zoom(range) {
          const kept = serverStateOf(monitor.getState(), serverId)?.telemetry ?? emptySeries;
          setZoom(fitted(range, boundsOf(kept, range.since, hostNow())));
        },
        reset: () => setZoom(null),
      }),
    [monitor, serverId],
  );
  const cpuOnly = isCpuOnly(facts.devices);
  const heading = useId();
  const { last, silentFor } = freshness(series, now);
  const gpus = machineGpus(series.machine, now, cpuOnly);
  const used = notedGpus(series, gpus.used, units, facts.devices);
  const only = used.length === 1 ? used[0] : undefined;
  const until = Math.max(now, last?.at ?? now);
  const live = windowRange(window, series, until);
  const plots = usePlots({
    series,
    jobs: server ? [...server.running, ...server.finished] : [],
    now,
    range: zoom ?? live,
    isLive: zoom === null,
    shown: last ? shownMetrics(last, used) : [],
    gpus: used.map((gpu) => gpu.named),
  });
  const isGpuDrawn = plots.points.load !== undefined || plots.points.vram !== undefined;

  return (
    <section className="panel machine" aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{t('machine.title')}</h2>
        <SegmentedControl
          label={t('machine.window.choice')}
          options={windowOptions()}
          selected={window.id}
          onSelect={choose}
        />
      </header>
      {silentFor !== null && (
        <p className="machine-silence" role="status">
          {t('machine.silence', { duration: formatDuration(silentFor) })}
        </p>
      )}
      {last && (
        <>
          <CrosshairContext value={crosshair}>
            <Charts
              server={server?.server.name ?? ''}
              series={series}
              last={last}
              gpus={used}
              silentFor={silentFor}
              plots={plots}
              isLive={zoom === null}
              bounds={boundsOf(series, live.since, until)}
              units={units}
            />
          </CrosshairContext>
          {only && silentFor === null && (
            <GpuNotes about="GPU" notes={only.notes.filter(({ kind }) => kind !== 'power')} />
          )}
          <OtherGpus
            gpus={notedGpus(series, gpus.others, units)}
            isStale={silentFor !== null}
            units={units}
          />
          <Figures
            figures={figuresOf(
              last,
              series.machine,
              units,
              used.length > 1 || cpuOnly ? null : (only ?? null),
              isGpuDrawn,
            )}
            stale={silentFor !== null}
          />
        </>
      )}
      <MissingTelemetry
        facts={facts}
        source={leadingSource(series.machine)}
        gpus={used}
        connected={connected}
        polled={polled}
        onInstall={() => installCompanion(serverId)}
      />
      <FreeMemory serverId={serverId} connected={connected} cpuOnly={cpuOnly} />
    </section>
  );
}

/** The GPUs with what is known of them now. The only device that ComfyUI reports can say which model the only GPU is. */
function notedGpus(
  { machine, recent }: TelemetrySeries,
  gpus: readonly NamedGpu[],
  units: ByteUnits,
  devices: readonly Device[] = [],
): NotedGpu[] {
  const sample = recent.at(-1);
  const device = gpus.length === 1 && devices.length === 1 ? gpuModel(devices[0]?.name ?? null) : null;
  return gpus.flatMap((named) => {
    const gpu = machine.gpus[named.place];
    const measured = sample?.gpus[named.place];
    if (!gpu) return [];
    const notes = gpuNotes(gpu, measured, units, timeOfDay);
    return [{ named: { ...named, model: named.model ?? device }, gpu, sample: measured, notes }];
  });
}

/** The curve of one that is gone stays, and ends. */
function shownMetrics(last: TelemetrySample, gpus: readonly NotedGpu[]) {
  const named = gpus.map((gpu) => gpu.named);
  const isGone = gpus.some(({ gpu }) => gpu.goneSince !== null);
  return metrics.filter(
    (metric) => isMeasured(metric, last, named) || (isGone && metric !== 'ram' && gpus.length > 0),
  );
}

/** All that can be shown: what is kept, and what a stretch from `since` on (ms) shows anyway. */
function boundsOf(series: TelemetrySeries, since: number, now: number): TimeRange {
  const kept = keptRange(series, now);
  return { since: Math.min(kept.since, since), until: kept.until };
}

function timeOfDay(at: number): string {
  return formatTimeOfDay(wallTimeOf(at));
}
