import { formatCount, formatDuration, formatFraction, formatRoughly, formatSoon } from '../../text/format.ts';
import type { Job } from '../job.ts';
import { mainNode } from '../job-progress.ts';
import { stepsText } from '../job-titles.ts';
import type { JobOutlook } from './job-outlook.ts';
import type { QueueOutlook } from './queue-outlook.ts';

/** From so much on that is left (ms), a time of day says more than a duration. */
export const worthAClock = 90_000;
const minute = 60_000;

/** Makes a time of day of a time of the state; both ms since the epoch. */
type WallTimeOf = (at: number) => number;

/** `about 8 s left`, `longer than usual (14 s)`; null where neither is known. */
function leftText({
  leftMs,
  isOverdue,
  usualMs,
}: Pick<JobOutlook, 'leftMs' | 'isOverdue' | 'usualMs'>): string | null {
  if (isOverdue)
    return usualMs === null ? 'longer than usual' : `longer than usual (${formatDuration(usualMs)})`;
  return leftMs === null ? null : `about ${formatRoughly(leftMs, Math.ceil)} left`;
}

/** `done about 14:32`; shortly before it `about 8 s left`; null where neither is known. */
export function endText(outlook: JobOutlook, wallTimeOf: WallTimeOf): string | null {
  const { leftMs, doneAt } = outlook;
  if (leftMs === null || doneAt === null || leftMs < worthAClock) return leftText(outlook);
  return `done about ${formatSoon(wallTimeOf(doneAt), wallTimeOf(doneAt - leftMs))}`;
}

/** `43% · done about 14:32`, `step 15 of 20`; null where nothing of it is known. */
export function headlineText(job: Job, outlook: JobOutlook, wallTimeOf: WallTimeOf): string | null {
  const { fraction } = outlook;
  const parts = [fraction === null ? null : formatFraction(fraction), endText(outlook, wallTimeOf)];
  const known = parts.filter((part) => part !== null);
  return known.length > 0 ? known.join(' · ') : stepHeadline(job);
}

/** `step 15 of 20`; null where no steps are reported. */
export function stepHeadline(job: Job): string | null {
  const node = mainNode(job);
  const steps = node && stepsText(node);
  return steps === null ? null : `step ${steps}`;
}

/** What an outlook comes from: `by the last 3 runs`, `by other prompts with such nodes`. */
export function basisText({ basis }: Pick<JobOutlook, 'basis'>): string | null {
  if (basis === null) return null;
  if (basis.of === 'class') return 'by other prompts with such nodes';
  return basis.runs === 1 ? 'by the last run' : `by the last ${formatCount(basis.runs, 'run')}`;
}

/** `queue empty about 15:10`, `queue takes over 9 min`; null where only less than a second is known. */
export function queueText({ leftMs, emptyAt, isAll }: QueueOutlook, wallTimeOf: WallTimeOf): string | null {
  if (isAll && emptyAt !== null && leftMs >= worthAClock)
    return `queue empty about ${formatSoon(wallTimeOf(emptyAt), wallTimeOf(emptyAt - leftMs))}`;
  const round = isAll ? Math.ceil : Math.floor;
  const shown = leftMs < minute ? leftMs : round(leftMs / minute) * minute;
  if (isAll) return `queue empty in about ${formatRoughly(shown, round)}`;
  return leftMs < 1_000 ? null : `queue takes over ${formatRoughly(shown, round)}`;
}
