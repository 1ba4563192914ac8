import type { GpuState, MachineState } from '../../domain/telemetry/machine-state.ts';
import { type TelemetrySample, usedFraction } from '../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatBytes, formatBytesOf, formatPercent } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { Meter } from '../ui/controls/meter.tsx';
import { Explained } from '../ui/overlays/explained.tsx';
import { ExplanationView } from './explanation-view.tsx';
import './figures.css';
import { type GpuFacts, gpuExplanation } from './gpus/gpu-explanation.ts';
import { temperatureText } from './gpus/gpu-words.ts';
import { type Explanation, explanationOf, nobodyTells } from './source-words.ts';

export interface Figure {
  label: string;
  value: string | null;
  /** 0–1, for the small bar below the value. */
  fraction: number | null;
  note: string | null;
  /** Where it comes from, and what it means. */
  explain: () => Explanation;
}

/**
 * CPU, disk and swap, and of the only GPU what is not drawn as a curve, as far as it was measured; without a GPU
 * (`gpu` is null) it has no temperature. Where its curves are drawn (`isGpuDrawn`), temperature and power are beside
 * them.
 */
export function figuresOf(
  sample: TelemetrySample,
  machine: MachineState,
  units: ByteUnits,
  gpu: GpuFacts | null,
  isGpuDrawn: boolean,
): Figure[] {
  return [
    cpuFigure(sample, machine),
    ...(gpu ? (isGpuDrawn ? restOfGpu(gpu, units) : gpuFigures(gpu, units)) : []),
    diskFigure(sample, machine, units),
    ...swapFigures(machine, units),
  ];
}

/** Figures without a history; a stale one is marked as what it was. */
export function Figures({ figures, stale }: { figures: Figure[]; stale: boolean }) {
  return (
    <dl className="figures">
      {figures.map(({ label, value, fraction, note, explain }) => (
        <div key={label} className="figure">
          <dt>
            <Explained explain={() => <ExplanationView {...explain()} />}>{label}</Explained>
          </dt>
          <dd>
            <span className="figure-value">{stale || value === null ? '–' : value}</span>
            {stale && value !== null ? (
              <span className="figure-note">{t('machine.was', { value })}</span>
            ) : (
              note !== null && <span className="figure-note">{note}</span>
            )}
            {fraction !== null && !stale && <Meter fraction={fraction} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function cpuFigure({ cpuPercent }: TelemetrySample, { sources }: MachineState): Figure {
  const value = cpuPercent === null ? null : formatPercent(cpuPercent);
  return {
    label: 'CPU',
    value,
    fraction: cpuPercent === null ? null : cpuPercent / 100,
    note: null,
    explain: () =>
      explanationOf(null, [{ name: 'CPU', value, source: sources.cpuPercent, reason: nobodyTells() }]),
  };
}

function gpuFigures(facts: GpuFacts, units: ByteUnits): Figure[] {
  const { gpu, sample } = facts;
  const watts = sample?.powerWatts ?? null;
  const explain = () => gpuExplanation(facts, units);
  const temperature: Figure = {
    label: t('machine.gpu_temperature'),
    value: temperatureText(sample?.temperatureC ?? null),
    fraction: null,
    note: gpu.fanPercent === null ? null : t('machine.fan_note', { percent: formatPercent(gpu.fanPercent) }),
    explain,
  };
  if (watts === null) return [temperature];
  const power: Figure = {
    label: t('machine.gpu_power'),
    value: `${Math.round(watts)} W`,
    fraction: null,
    note: powerNote(gpu),
    explain,
  };
  return [temperature, power];
}

function restOfGpu(facts: GpuFacts, units: ByteUnits): Figure[] {
  const { fanPercent, powerLimitWatts, throttledBy } = facts.gpu;
  const explain = () => gpuExplanation(facts, units);
  const figure = (label: string, value: string, note: string | null): Figure => ({
    label,
    value,
    fraction: null,
    note,
    explain,
  });
  return [
    ...(fanPercent === null ? [] : [figure(t('machine.gpu_fan'), formatPercent(fanPercent), null)]),
    ...(powerLimitWatts === null
      ? []
      : [
          figure(
            t('machine.power_limit'),
            `${Math.round(powerLimitWatts)} W`,
            throttledBy?.includes('power_limit') ? t('machine.limit_reached') : null,
          ),
        ]),
  ];
}

/** That a card works as hard as it may is said here, where nothing moves when it comes and goes. */
function powerNote({ powerLimitWatts, throttledBy }: GpuState): string | null {
  const isReached = throttledBy?.includes('power_limit') ?? false;
  if (powerLimitWatts === null) return isReached ? t('machine.limit_alone') : null;
  const limit = Math.round(powerLimitWatts);
  return t(isReached ? 'machine.watts_limit_reached' : 'machine.watts_limit', { limit });
}

function diskFigure(sample: TelemetrySample, machine: MachineState, units: ByteUnits): Figure {
  const { diskUsed, diskTotal } = sample;
  const { diskHoldsOutputs, diskPath, sources } = machine;
  const isChosen = !diskHoldsOutputs && sources.disk === 'crystools';
  const fraction = usedFraction(diskUsed, diskTotal);
  const note =
    diskUsed === null || diskTotal === null
      ? null
      : t('time.bytes_of', { part: formatBytes(diskUsed, units), whole: formatBytes(diskTotal, units) });
  return {
    label: t(diskHoldsOutputs ? 'machine.disk_outputs' : isChosen ? 'machine.disk_chosen' : 'machine.disk'),
    value: fraction === null ? null : formatPercent(fraction * 100),
    fraction,
    note,
    explain: () =>
      explanationOf(
        diskPath,
        [{ name: t('machine.in_use'), value: note, source: sources.disk, reason: nobodyTells() }],
        isChosen ? [t('machine.disk_chosen_note')] : [],
      ),
  };
}

/** A computer that has never needed its swap has nothing to tell of it. */
function swapFigures({ swapUsed, swapTotal, sources }: MachineState, units: ByteUnits): Figure[] {
  if (swapUsed === null || swapTotal === null || swapUsed <= 0 || swapTotal <= 0) return [];
  const value = formatBytesOf(swapUsed, swapTotal, units);
  return [
    {
      label: t('machine.swap'),
      value: formatPercent((swapUsed / swapTotal) * 100),
      fraction: swapUsed / swapTotal,
      note: value,
      explain: () =>
        explanationOf(
          null,
          [{ name: t('machine.in_use'), value, source: sources.swap }],
          [t('machine.swap_note')],
        ),
    },
  ];
}
