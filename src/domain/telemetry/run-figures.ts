import type { FiguresSoFar, Job } from '../jobs/job.ts';
import { isComputedOn } from './machine-gpus.ts';
import type { MachineState } from './machine-state.ts';
import { type TelemetrySample, type TelemetrySeries, usedFraction, type VramUse } from './telemetry.ts';

/** Without a measurement for longer than this (ms), something higher may have been missed. */
const longestGap = 5_000;
/** The same as a share of the whole time: a few samples say nothing of a short run. */
const gapShare = 1 / 4;

/** What was measured of a run; null for what was not measured throughout. */
export type RunFigures = Pick<Job, 'peakVram' | 'energyJoules'>;

type Run = Pick<Job, 'startedAt' | 'finishedAt' | 'figuresSoFar'>;

/**
 * What was measured while a job ran, of the GPUs that ComfyUI computes on: the highest VRAM use of the one that was
 * fullest, and the energy of all. A figure is null unless it was measured throughout: nowhere, ends included, more than
 * 5 s or a quarter of the run without a sample. So nothing is said of runs shorter than about four samples, and of
 * those during which the connection was lost.
 */
export function runFigures({ recent, machine }: TelemetrySeries, run: Run): RunFigures {
  const { startedAt, finishedAt, figuresSoFar: soFar } = run;
  if (startedAt === null || finishedAt === null || finishedAt <= startedAt)
    return { peakVram: null, energyJoules: null };
  const gap = Math.min(longestGap, (finishedAt - startedAt) * gapShare);
  const figures = measured(recent, machine, soFar?.until ?? startedAt, finishedAt, gap);
  return soFar ? together(soFar, figures) : figures;
}

/** What is known of a running job's figures when samples leave `recent`, of which only means are kept then. */
export function figuresSoFar(before: TelemetrySeries, after: TelemetrySeries, run: Run): FiguresSoFar | null {
  const until = after.recent[0]?.at;
  const soFar = run.figuresSoFar;
  const from = soFar?.until ?? run.startedAt;
  if (until === undefined || from === null || from >= until) return soFar;
  const figures = measured(before.recent, before.machine, from, until, longestGap);
  return { ...(soFar ? together(soFar, figures) : figures), until };
}

function together(one: RunFigures, other: RunFigures): RunFigures {
  return {
    peakVram: one.peakVram && other.peakVram && fuller(one.peakVram, other.peakVram),
    energyJoules:
      one.energyJoules === null || other.energyJoules === null ? null : one.energyJoules + other.energyJoules,
  };
}

/** The figures from one moment to another (ms); null for one that was not measured for more than `gap` ms. */
function measured(
  samples: readonly TelemetrySample[],
  machine: MachineState,
  from: number,
  until: number,
  gap: number,
): RunFigures {
  const isCounted = countedPlaces(machine, from);
  let peak: VramUse | null = null;
  let peakAt = from;
  let wasPeakMissed = false;
  let joules = 0;
  let watts: number | null = null;
  let wattsAt = from;
  let wasPowerMissed = false;
  const first = samples.findIndex(({ at }) => at >= from);
  for (const sample of first === -1 ? [] : samples.slice(first)) {
    if (sample.at > until) break;
    const use = fullestGpu(sample, isCounted);
    if (use) {
      wasPeakMissed ||= sample.at - peakAt > gap;
      peakAt = sample.at;
      peak = fuller(peak, use);
    }
    const power = powerOf(sample, isCounted);
    if (power !== null) {
      wasPowerMissed ||= sample.at - wattsAt > gap;
      joules += (((watts ?? power) + power) / 2) * ((sample.at - wattsAt) / 1_000);
      wattsAt = sample.at;
      watts = power;
    }
  }
  const isPowerKnown = watts !== null && !wasPowerMissed && until - wattsAt <= gap;
  return {
    peakVram: wasPeakMissed || until - peakAt > gap ? null : peak,
    energyJoules: isPowerKnown ? joules + (watts ?? 0) * ((until - wattsAt) / 1_000) : null,
  };
}

/** Whether what a GPU does is ComfyUI's doing, as far as is known, by place; one that was gone before (ms) does nothing. */
function countedPlaces({ gpus }: MachineState, from: number): (place: number) => boolean {
  return (place) => {
    const gpu = gpus[place];
    if (gpu === undefined) return true;
    return isComputedOn(gpu) && (gpu.goneSince === null || gpu.goneSince > from);
  };
}

function fullestGpu({ gpus }: TelemetrySample, isCounted: (place: number) => boolean): VramUse | null {
  return gpus.reduce<VramUse | null>((fullest, { vramUsed: used, vramTotal: total }, place) => {
    if (used === null || total === null || total <= 0 || !isCounted(place)) return fullest;
    return fuller(fullest, { used, total });
  }, null);
}

/** Watts of all that count; null if one of them is not known: a part would be taken for the whole. */
function powerOf({ gpus }: TelemetrySample, isCounted: (place: number) => boolean): number | null {
  const counted = gpus.filter((_, place) => isCounted(place)).map(({ powerWatts }) => powerWatts);
  return counted.reduce<number | null>(
    (sum, watts) => (sum === null || watts === null ? null : sum + watts),
    counted.length === 0 ? null : 0,
  );
}

function fuller(one: VramUse | null, other: VramUse): VramUse {
  return one && share(one) >= share(other) ? one : other;
}

function share({ used, total }: VramUse): number {
  return usedFraction(used, total) ?? 0;
}
