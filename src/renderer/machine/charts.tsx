import type { TelemetrySample, TelemetrySeries } from '../../domain/telemetry/telemetry.ts';
import type { ByteUnits } from '../../domain/text/format.ts';
import type { ChartWindow } from '../session/chart-window.ts';
import { Explained } from '../ui/overlays/explained.tsx';
import { ExplanationView } from './explanation-view.tsx';
import { gpuExplanation, vramExplanation } from './gpus/gpu-explanation.ts';
import { GpuList, type NotedGpu } from './gpus/gpu-list.tsx';
import { gpuReading, isMeasured, metrics, ramReading } from './readings.ts';
import { explanationOf } from './source-words.ts';
import { UsageChart } from './usage-chart.tsx';
import { usePlots } from './use-plots.ts';

interface ChartsProps {
  series: TelemetrySeries;
  /** The newest sample. */
  last: TelemetrySample;
  /** Those that ComfyUI computes on. */
  gpus: readonly NotedGpu[];
  silentFor: number | null;
  now: number;
  window: ChartWindow;
  units: ByteUnits;
}

/** Charts of the only GPU, its VRAM and the RAM; several GPUs have a list instead, with a row for each. */
export function Charts({ series, last, gpus, silentFor, now, window, units }: ChartsProps) {
  const named = gpus.map((gpu) => gpu.named);
  // The curve of one that is gone stays, and ends.
  const isGone = gpus.some(({ gpu }) => gpu.goneSince !== null);
  const shown = metrics.filter(
    (metric) => isMeasured(metric, last, named) || (isGone && metric !== 'ram' && gpus.length > 0),
  );
  const plots = usePlots(series, Math.max(now, last.at), window, shown, named);
  const { load, vram, ram } = plots;
  const [only] = gpus.length === 1 ? gpus : [];
  const common = { silentFor, window };
  return (
    <>
      {gpus.length > 1 && (
        <GpuList
          gpus={gpus}
          sample={last}
          silentFor={silentFor}
          plots={plots}
          window={window}
          units={units}
        />
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
            reading={gpuReading('load', only.named, last, units)}
            {...load}
            {...common}
          />
        )}
        {only && vram && (
          <UsageChart
            metric="vram"
            title={
              <Explained explain={() => <ExplanationView {...vramExplanation(only, units)} />}>
                {load || only.named.model === null ? 'VRAM' : `VRAM · ${only.named.model}`}
              </Explained>
            }
            reading={gpuReading('vram', only.named, last, units)}
            {...vram}
            {...common}
          />
        )}
        {ram && (
          <UsageChart
            metric="ram"
            title={
              <Explained explain={() => <ExplanationView {...ramExplanation(series, last, units)} />}>
                RAM
              </Explained>
            }
            reading={ramReading(last, units)}
            {...ram}
            {...common}
          />
        )}
      </div>
    </>
  );
}

function ramExplanation({ machine }: TelemetrySeries, last: TelemetrySample, units: ByteUnits) {
  const { amount } = ramReading(last, units);
  return explanationOf(null, [{ name: 'In use', value: amount, source: machine.sources.ram }]);
}
