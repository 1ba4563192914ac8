import { t } from '../../language/t.ts';
import {
  endText as outlookEndText,
  queueText as outlookQueueText,
  worthAClock,
} from '../jobs/outlook/outlook-text.ts';
import type { QueueOutlook } from '../jobs/outlook/queue-outlook.ts';
import { formatFraction, formatRoughly, formatSoon } from '../text/format.ts';
import type { JobCounts } from './job-counts.ts';
import type { JobGlance } from './job-glance.ts';

/** What the clocks say, ms since the epoch: that of the state, and the one on the wall, for times of day. */
export interface Clocks {
  now: number;
  wall: number;
}

/** What is to be done, in words: `1 running, 3 waiting`, `3 in the queue`, `Idle`; null where it is not known. */
export function liveText({ running, waiting, inQueue }: JobCounts): string | null {
  if (inQueue !== null) return t('glance.in_queue', { n: inQueue });
  if (running === null || waiting === null) return null;
  if (running + waiting === 0) return t('glance.idle');
  if (waiting === 0) return t('glance.running', { n: running });
  if (running === 0) return t('glance.waiting', { n: waiting });
  return t('glance.running_and_waiting', { running, waiting });
}

/** A count of what ended today: `50+` where there may have been more. */
export function endedCount(count: number, { isCapped }: Pick<JobCounts, 'isCapped'>): string {
  return `${count}${isCapped ? '+' : ''}`;
}

/** When a job will be done: `done about 14:32`, `about 8 s left`; null where that cannot be told. */
export function endText({ outlook }: JobGlance, clocks: Clocks): string | null {
  return outlookEndText(outlook, wallTimeBy(clocks));
}

/** Beside a time of day, how long that is from now: `3 min left`; null where there is none. */
export function leftBesideText({ outlook: { leftMs } }: JobGlance): string | null {
  return leftMs === null || leftMs < worthAClock
    ? null
    : t('glance.left', { time: formatRoughly(leftMs, Math.ceil) });
}

/** How far a job is, in one figure: `42%`, else `step 12 of 30`; null where neither is known. */
export function progressText({ outlook: { fraction }, steps }: JobGlance): string | null {
  return fraction === null ? steps : formatFraction(fraction);
}

/** When the queue will be empty; null where nothing waits, or that cannot be told. */
export function queueText(queue: QueueOutlook | null, clocks: Clocks): string | null {
  return queue && outlookQueueText(queue, wallTimeBy(clocks));
}

function wallTimeBy({ now, wall }: Clocks): (at: number) => number {
  return (at) => at - now + wall;
}

/** A moment by the clock of the state as the clock on the wall will show it. */
export function timeOfDay(at: number, { now, wall }: Clocks): string {
  return formatSoon(at - now + wall, wall);
}
