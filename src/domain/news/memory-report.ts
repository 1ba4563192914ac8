import type { TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';
import type { Job } from '../jobs/job.ts';
import { type MemoryKind, memoryThatRanOut } from '../jobs/out-of-memory.ts';
import { isComputedOn } from '../telemetry/machine-gpus.ts';
import { vramOfOthers } from '../telemetry/machine-state.ts';
import { currentSample, type TelemetrySeries, type VramUse } from '../telemetry/telemetry.ts';
import { type ByteUnits, formatBytes, formatBytesOf } from '../text/format.ts';

/** What is known of the memory that a prompt failed for want of. */
export interface MemoryReport {
  kind: MemoryKind;
  /** Of the GPU, if its memory ran out. */
  peakVram: VramUse | null;
  /** What other programs held of it then, bytes; null if that was not measured. */
  heldByOthers: number | null;
}

/** What is measured so long after a failure still tells of it, ms. */
const soonAfter = 5_000;
/** What desktops and browsers hold is no news, bytes. */
const worthAWord = 512 * 2 ** 20;

/** What to say of the memory that a job failed for want of; null if that was not why. */
export function memoryReport(job: Job, telemetry: TelemetrySeries, now: number): MemoryReport | null {
  const kind = job.state === 'error' ? memoryThatRanOut(job.error) : null;
  if (kind === null) return null;
  if (kind === 'ram') return { kind, peakVram: null, heldByOthers: null };
  const isFresh = job.finishedAt !== null && now - job.finishedAt <= soonAfter;
  return { kind, peakVram: job.peakVram, heldByOthers: isFresh ? heldByOthers(telemetry, now) : null };
}

/** Of the one GPU that ComfyUI computes on: of several it is not known on which it failed. */
function heldByOthers(telemetry: TelemetrySeries, now: number): number | null {
  const sample = currentSample(telemetry, now);
  const used = telemetry.machine.gpus.flatMap((gpu, place) => (isComputedOn(gpu) ? [{ gpu, place }] : []));
  const [only] = used;
  if (!sample || !only || used.length > 1) return null;
  return vramOfOthers(only.gpu, sample.gpus[only.place]?.vramUsed ?? null);
}

/** What ran out: `Out of VRAM`. */
export function outOf({ kind }: MemoryReport): string {
  return t(outOfWords[kind]);
}

const outOfWords: Record<MemoryKind, TextKey> = {
  vram: 'news.out_of.vram',
  ram: 'news.out_of.ram',
  unified: 'news.out_of.unified',
};

/** What was measured: `Highest use measured: 23.1 of 24.0 GiB · 4.2 GiB held by other programs`; empty if nothing was. */
export function memoryLine({ peakVram, heldByOthers: others }: MemoryReport, units: ByteUnits): string {
  return [
    ...(peakVram
      ? [t('news.memory.peak', { peak: formatBytesOf(peakVram.used, peakVram.total, units) })]
      : []),
    ...(others !== null && others >= worthAWord
      ? [t('news.memory.others', { held: formatBytes(others, units) })]
      : []),
  ].join(' · ');
}
