import { useState } from 'react';
import type { TelemetrySample, TelemetrySeries } from '../../domain/telemetry/telemetry.ts';
import type { ByteUnits } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { Explained } from '../ui/overlays/explained.tsx';
import { ExplanationView } from './explanation-view.tsx';
import { SaveMenu } from './export/save-menu.tsx';
import { SummaryTable } from './export/summary-table.tsx';
import { gpuExplanation, vramExplanation } from './gpus/gpu-explanation.ts';
import { GpuList, type NotedGpu } from './gpus/gpu-list.tsx';
import { powerText, temperatureText } from './gpus/gpu-words.ts';
import { ChartBar } from './plots/chart-bar.tsx';
import { usePointedMoment } from './plots/crosshair.ts';
import { sampleAt } from './plots/moment.ts';
import type { TimeRange } from './plots/plot-points.ts';
import { type ShownLine, shownLines } from './plots/shown-lines.ts';
import type { Plots } from './plots/use-plots.ts';
import { gpuReading, ramReading, valueText } from './readings.ts';
import { explanationOf } from './source-words.ts';
import { UsageChart } from './usage-chart.tsx';

interface ChartsProps {
  /** Name of the server. */
  server: string;
  series: TelemetrySeries;
  /** The newest sample. */
  last: TelemetrySample;
  /** Those that ComfyUI computes on. */
  gpus: readonly NotedGpu[];
  silentFor: number | null;
  plots: Plots;
  /** Whether the time shown ends now, and goes on; else it is zoomed into. */
  isLive: boolean;
  /** All the time that can be shown. */
  bounds: TimeRange;
  units: ByteUnits;
}

/**
 * Charts of the only GPU, its VRAM and the RAM; several GPUs have a list instead, with a row for each. One crosshair is
 * in all of them, and beside each is told what was measured there.
 */
export function Charts(props: ChartsProps) {
  const { server, series, last, gpus, silentFor, plots, isLive, bounds, units } = props;
  const [isTable, setTable] = useState(false);
  const at = usePointedMoment();
  const told = at === null ? last : (sampleAt(series, at) ?? unmeasured);
  const { load, vram, ram } = plots.points;
  const [only] = gpus.length === 1 ? gpus : [];
  const common = {
    silentFor: at === null ? silentFor : null,
    range: plots.range,
    isLive,
    spans: plots.spans,
  };
  const named = gpus.map((gpu) => gpu.named);
  const lines = shownLines(plots, named);
  const heat = only ? heatAndPower(only, told) : {};
  return (
    <>
      <ChartBar
        range={plots.range}
        isZoomed={!isLive}
        bounds={bounds}
        jobs={plots.jobs}
        valuesAt={(moment) => {
          const sample = sampleAt(series, moment);
          if (!sample) return t('machine.moment.nothing');
          return lines.map((line) => lineValue(line, sample, units)).join(', ');
        }}
      >
        <button
          type="button"
          className="icon-button"
          aria-label={t('machine.table.show')}
          aria-pressed={isTable}
          title={t('machine.table.show')}
          onClick={() => setTable(!isTable)}
        >
          <Icon name="lines" />
        </button>
        <SaveMenu server={server} series={series} plots={plots} lines={lines} gpus={named} />
      </ChartBar>
      {isTable && <SummaryTable plots={plots} lines={lines} />}
      {gpus.length > 1 && (
        <GpuList gpus={gpus} sample={told} silentFor={common.silentFor} plots={plots} units={units} />
      )}
      <div className="charts">
        {only && load && (
          <UsageChart
            metric="load"
            title={
              <Explained explain={() => <ExplanationView {...gpuExplanation(only, units)} />}>
                {only.named.model === null ? 'GPU' : `GPU · ${only.named.model}`}
              </Explained>
            }
            reading={gpuReading('load', only.named, told, units)}
            amounts={heat}
            points={load}
            {...common}
          />
        )}
        {only && vram && (
          <UsageChart
            metric="vram"
            title={
              <Explained explain={() => <ExplanationView {...vramExplanation(only, units)} />}>
                {load || only.named.model === null
                  ? t('machine.vram')
                  : `${t('machine.vram')} · ${only.named.model}`}
              </Explained>
            }
            reading={gpuReading('vram', only.named, told, units)}
            amounts={load ? {} : heat}
            points={vram}
            {...common}
          />
        )}
        {ram && (
          <UsageChart
            metric="ram"
            title={
              <Explained explain={() => <ExplanationView {...ramExplanation(series, last, units)} />}>
                {t('machine.ram')}
              </Explained>
            }
            reading={ramReading(told, units)}
            points={ram}
            {...common}
          />
        )}
      </div>
    </>
  );
}

/** What is told of a moment in which nothing was measured. */
const unmeasured: TelemetrySample = {
  at: 0,
  cpuPercent: null,
  ramUsed: null,
  ramTotal: null,
  diskUsed: null,
  diskTotal: null,
  gpus: [],
};

function lineValue({ name, metric, gpu }: ShownLine, sample: TelemetrySample, units: ByteUnits): string {
  const reading =
    metric === 'ram' || gpu === null ? ramReading(sample, units) : gpuReading(metric, gpu, sample, units);
  return `${name} ${valueText(reading)}`;
}

function heatAndPower({ named }: NotedGpu, { gpus }: TelemetrySample) {
  const sample = gpus[named.place];
  return {
    heat: temperatureText(sample?.temperatureC ?? null),
    power: powerText(sample?.powerWatts ?? null, null),
  };
}

function ramExplanation({ machine }: TelemetrySeries, last: TelemetrySample, units: ByteUnits) {
  const { amount } = ramReading(last, units);
  return explanationOf(null, [{ name: t('machine.in_use'), value: amount, source: machine.sources.ram }]);
}
