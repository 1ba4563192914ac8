import { type ByteUnits, formatBytesOf } from '../../shared/format.ts';
import type { Job } from '../../shared/job.ts';

/** The highest VRAM use while a job ran, of how much; null where it was not measured well enough. */
export function peakText({ peakVram }: Job, units: ByteUnits): string | null {
  return peakVram && formatBytesOf(peakVram.used, peakVram.total, units);
}
