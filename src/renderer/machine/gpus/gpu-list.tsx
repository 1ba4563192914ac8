import { useState } from 'react';
import { gpuTitle, type NamedGpu } from '../../../domain/telemetry/machine-gpus.ts';
import type { TelemetrySample } from '../../../domain/telemetry/telemetry.ts';
import type { ByteUnits } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { ShowAll } from '../../ui/controls/show-all.tsx';
import { Explained } from '../../ui/overlays/explained.tsx';
import { ExplanationView } from '../explanation-view.tsx';
import { Curve } from '../plots/curve.tsx';
import type { Plots } from '../plots/use-plots.ts';
import { chartText, gpuReading, shownValue } from '../readings.ts';
import { type GpuFacts, gpuExplanation } from './gpu-explanation.ts';
import './gpu-list.css';
import { GpuNotes } from './gpu-notes.tsx';
import { type GpuNote, powerText, temperatureText } from './gpu-words.ts';

/** A GPU with what is to be said of it. */
export interface NotedGpu extends GpuFacts {
  notes: GpuNote[];
}

interface GpuListProps {
  gpus: readonly NotedGpu[];
  /** What is told beside the curves: the newest sample, or that of the moment pointed at. */
  sample: TelemetrySample;
  /** ms without news, if it is the newest sample and that is worth saying. */
  silentFor: number | null;
  /** One line for each of the GPUs; missing for what is measured of none. */
  plots: Plots;
  units: ByteUnits;
}

/** So many are shown before somebody asks for the rest. */
const shownAtFirst = 8;
/** So many leave room to say more of each. */
const roomyUpTo = 4;

/** Several GPUs, each with its curves and figures, one row each. */
export function GpuList({ gpus, ...shared }: GpuListProps) {
  const [all, setAll] = useState(false);
  const model = commonModel(gpus.map(({ named }) => named));
  const isRoomy = gpus.length <= roomyUpTo;
  const rows = gpus
    .map((gpu, line) => ({ gpu, line }))
    // One that may need somebody is never folded away.
    .filter(
      ({ gpu, line }) => all || line < shownAtFirst || gpu.notes.some(({ kind }) => kind === 'warning'),
    );
  return (
    <div className="gpu-list" data-stale={shared.silentFor !== null || undefined}>
      <div className="gpu-list-head">
        <h3>
          {model === null
            ? t('machine.gpus', { n: gpus.length })
            : t('machine.gpus_of', { n: gpus.length, model })}
        </h3>
        <span className="chart-amount">{t('machine.each_percent')}</span>
      </div>
      <ol className="gpu-rows" data-roomy={isRoomy || undefined}>
        {rows.map(({ gpu, line }) => (
          <GpuRow
            key={gpu.named.place}
            gpu={gpu}
            line={line}
            hasModel={model === null}
            isRoomy={isRoomy}
            {...shared}
          />
        ))}
      </ol>
      <ShowAll total={gpus.length} atFirst={shownAtFirst} all={all} onChange={setAll} />
    </div>
  );
}

interface GpuRowProps extends Omit<GpuListProps, 'gpus'> {
  gpu: NotedGpu;
  /** Its place among the lines of the plots. */
  line: number;
  /** Whether it has to be said which model it is. */
  hasModel: boolean;
  isRoomy: boolean;
}

function GpuRow({ gpu, line, hasModel, isRoomy, sample, silentFor, plots, units }: GpuRowProps) {
  const { named } = gpu;
  const isCurrent = silentFor === null;
  const notes = isCurrent ? gpu.notes : [];
  const told = sample.gpus[named.place];
  const vram = gpuReading('vram', named, sample, units);
  const figures = [
    isRoomy ? vram.amount : null,
    temperatureText(told?.temperatureC ?? null),
    powerText(told?.powerWatts ?? null, gpu.gpu.powerLimitWatts),
  ].filter((figure) => figure !== null);
  return (
    <li className="gpu-row" data-gone={gpu.gpu.goneSince !== null || undefined}>
      <div className="gpu-row-head">
        <span className="gpu-name">
          <Explained explain={() => <ExplanationView {...gpuExplanation(gpu, units)} />}>
            {gpuTitle(named)}
            {hasModel && named.model !== null && ` · ${named.model}`}
          </Explained>
        </span>
        <span className="gpu-figures">
          {isCurrent && figures.map((figure) => <span key={figure}>{figure}</span>)}
        </span>
      </div>
      <div className="gpu-curves">
        {(['load', 'vram'] as const).map((metric) => {
          const points = plots.points[metric];
          if (!points) return null;
          const reading = metric === 'vram' ? vram : gpuReading(metric, named, sample, units);
          return (
            <div key={metric} className="gpu-curve" role="img" aria-label={chartText(reading, silentFor)}>
              <Curve metric={metric} points={points} line={line} range={plots.range} spans={plots.spans} />
              <span className="gpu-curve-name">{t(metric === 'load' ? 'machine.load' : 'machine.vram')}</span>
              <b className="gpu-curve-value">{shownValue(reading, silentFor)}</b>
            </div>
          );
        })}
      </div>
      {isRoomy ? (
        <div className="gpu-row-notes">
          <GpuNotes notes={notes} />
        </div>
      ) : (
        <GpuNotes notes={notes.filter(({ kind }) => kind === 'warning' || kind === 'state')} />
      )}
    </li>
  );
}

/** The model that all of them are; null if they differ, or nobody says. */
function commonModel(gpus: readonly NamedGpu[]): string | null {
  const model = gpus[0]?.model ?? null;
  return gpus.every((gpu) => gpu.model === model) ? model : null;
}
