import type { Job } from '../../domain/jobs/job.ts';
import { type ByteUnits, formatBytesOf } from '../../domain/text/format.ts';

/** The highest VRAM use while a job ran, of how much; null where it was not measured well enough. */
export function peakText({ peakVram }: Job, units: ByteUnits): string | null {
  return peakVram && formatBytesOf(peakVram.used, peakVram.total, units);
}
