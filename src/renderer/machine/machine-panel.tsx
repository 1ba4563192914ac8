import { useCallback, useId, useState } from 'react';
import { serverStateOf } from '../../domain/monitor-state.ts';
import { type Device, isCpuOnly, isReached, unknownFacts } from '../../domain/server.ts';
import { gpuModel } from '../../domain/telemetry/gpu-model.ts';
import { machineGpus, type NamedGpu } from '../../domain/telemetry/machine-gpus.ts';
import { leadingSource } from '../../domain/telemetry/machine-state.ts';
import { emptySeries, type TelemetrySeries } from '../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatDuration } from '../../domain/text/format.ts';
import { chartWindows, windowOf } from '../session/chart-window.ts';
import { useDialogs } from '../session/dialogs-context.ts';
import { usePage, useServer, useSession } from '../session/session-context.tsx';
import { useNow, useOncePerTick, wallTimeOf } from '../ui/clock.ts';
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
  const { installCompanion } = useDialogs();
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
  const gpus = machineGpus(series.machine, now, cpuOnly);
  const used = notedGpus(series, gpus.used, units, facts.devices);
  const only = used.length === 1 ? used[0] : undefined;

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
        <>
          <Charts
            series={series}
            last={last}
            gpus={used}
            silentFor={silentFor}
            now={now}
            window={window}
            units={units}
          />
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

function timeOfDay(at: number): string {
  return new Date(wallTimeOf(at)).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
