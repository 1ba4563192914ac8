import { t } from '../../../language/t.ts';
import { formatDuration, formatFraction, formatRoughly, formatSoon } from '../../text/format.ts';
import type { Job } from '../job.ts';
import { mainNode } from '../job-progress.ts';
import { stepPlaceText } from '../job-titles.ts';
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
    return usualMs === null ? t('jobs.overdue') : t('jobs.overdue_usual', { usual: formatDuration(usualMs) });
  return leftMs === null ? null : t('jobs.left', { time: formatRoughly(leftMs, Math.ceil) });
}

/** `done about 14:32`; shortly before it `about 8 s left`; null where neither is known. */
export function endText(outlook: JobOutlook, wallTimeOf: WallTimeOf): string | null {
  const { leftMs, doneAt } = outlook;
  if (leftMs === null || doneAt === null || leftMs < worthAClock) return leftText(outlook);
  return t('jobs.done_about', { time: formatSoon(wallTimeOf(doneAt), wallTimeOf(doneAt - leftMs)) });
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
  return node && stepPlaceText(node);
}

/** What an outlook comes from: `by the last 3 runs`, `by other prompts with such nodes`. */
export function basisText({ basis }: Pick<JobOutlook, 'basis'>): string | null {
  if (basis === null) return null;
  if (basis.of === 'class') return t('jobs.basis.class');
  return t('jobs.basis.runs', { count: basis.runs });
}

/** Of what a running prompt does, what is not what everybody takes it to do: `loading a model`, `nothing heard for 3 min`. */
export function unusualText({ activity }: JobOutlook, now: number): string | null {
  if (activity?.kind === 'loading') return t('jobs.loading');
  if (activity?.kind !== 'stuck') return null;
  return t('jobs.nothing_heard', { duration: formatDuration(Math.max(0, now - activity.since)) });
}

/** A run within this share of the usual is as expected, or within so many ms. */
const expected = { share: 0.15, ms: 2_000 } as const;

/** How long a run took (ms), and whether that is usual: `took 3 min, usually 5 min`; the bare time where that is not known. */
export function tookText(took: number, usual: number | null): string {
  const time = formatDuration(took);
  if (usual === null) return time;
  return Math.abs(took - usual) <= Math.max(expected.ms, expected.share * usual)
    ? t('jobs.took.expected', { time })
    : t('jobs.took.usually', { time, usual: formatDuration(usual) });
}

/** `queue empty about 15:10`, `queue takes over 9 min`; null where only less than a second is known. */
export function queueText({ leftMs, emptyAt, isAll }: QueueOutlook, wallTimeOf: WallTimeOf): string | null {
  if (isAll && emptyAt !== null && leftMs >= worthAClock)
    return t('jobs.queue_empty_about', {
      time: formatSoon(wallTimeOf(emptyAt), wallTimeOf(emptyAt - leftMs)),
    });
  const round = isAll ? Math.ceil : Math.floor;
  const shown = leftMs < minute ? leftMs : round(leftMs / minute) * minute;
  if (isAll) return t('jobs.queue_empty_in', { time: formatRoughly(shown, round) });
  return leftMs < 1_000 ? null : t('jobs.queue_takes_over', { time: formatRoughly(shown, round) });
}
