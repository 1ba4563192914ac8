import type { Job, VramSoFar } from '../jobs/job.ts';
import { type TelemetrySample, type TelemetrySeries, usedFraction, type VramUse } from './telemetry.ts';

/** Without a measurement for longer than this (ms), something higher may have been missed. */
const longestGap = 5_000;
/** The same as a share of the whole time: a few samples say nothing of a short run. */
const gapShare = 1 / 4;

/**
 * The highest VRAM use measured while a job ran, of the GPU that was fullest. Null unless it was measured
 * throughout: nowhere, ends included, more than 5 s or a quarter of the run without a sample. So nothing is
 * said of runs shorter than about four samples, and of those during which the connection was lost.
 */
export function peakVram({ recent }: TelemetrySeries, run: Run): VramUse | null {
  const { startedAt, finishedAt, vramSoFar: soFar } = run;
  if (startedAt === null || finishedAt === null || finishedAt <= startedAt) return null;
  const gap = Math.min(longestGap, (finishedAt - startedAt) * gapShare);
  const peak = highest(recent, soFar?.until ?? startedAt, finishedAt, gap);
  return peak && soFar ? fuller(soFar.peak, peak) : peak;
}

/**
 * What is known of a running job's peak when samples leave `recent`, of which only means are kept then;
 * null if that part of the run was not measured throughout.
 */
export function vramSoFar(before: TelemetrySeries, after: TelemetrySeries, run: Run): VramSoFar | null {
  const until = after.recent[0]?.at;
  const from = run.vramSoFar?.until ?? run.startedAt;
  if (until === undefined || from === null || from >= until) return run.vramSoFar;
  const peak = highest(before.recent, from, until, longestGap);
  return peak && { peak: run.vramSoFar ? fuller(run.vramSoFar.peak, peak) : peak, until };
}

type Run = Pick<Job, 'startedAt' | 'finishedAt' | 'vramSoFar'>;

/** The highest use from one moment to another (ms); null if more than `gap` ms of it were not measured. */
function highest(
  samples: readonly TelemetrySample[],
  from: number,
  until: number,
  gap: number,
): VramUse | null {
  let peak: VramUse | null = null;
  let measuredFrom = until;
  for (let index = samples.findLastIndex(({ at }) => at <= until); index >= 0; index -= 1) {
    const sample = samples[index];
    if (!sample || sample.at < from) break;
    const use = fullestGpu(sample);
    if (!use) continue;
    if (measuredFrom - sample.at > gap) return null;
    measuredFrom = sample.at;
    peak = fuller(peak, use);
  }
  return measuredFrom - from <= gap ? peak : null;
}

function fullestGpu({ gpus }: TelemetrySample): VramUse | null {
  return gpus.reduce<VramUse | null>((fullest, { vramUsed: used, vramTotal: total }) => {
    if (used === null || total === null || total <= 0) return fullest;
    return fuller(fullest, { used, total });
  }, null);
}

function fuller(one: VramUse | null, other: VramUse): VramUse {
  return one && share(one) >= share(other) ? one : other;
}

function share({ used, total }: VramUse): number {
  return usedFraction(used, total) ?? 0;
}
