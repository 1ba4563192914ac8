import type { ServerState } from '../../monitor-state.ts';
import { isReached } from '../../server.ts';
import { type Job, jobElapsed, lacksProgress } from '../job.ts';
import { nodeFraction } from '../job-progress.ts';
import { type Activity, activityOf } from './activity.ts';
import { timeFraction } from './reached.ts';
import { runLeft } from './run-left.ts';
import type { Basis } from './run-plan.ts';
import { type TimelineNode, timelineOf } from './timeline.ts';
import { usualRun } from './usual-run.ts';

/** How far a running prompt is, when it will be done, and what it does: everything that is said of it. */
export interface JobOutlook {
  /** 0–1 of its time, never going back within a run; null while nothing was measured that tells it. */
  fraction: number | null;
  /** ms until it is done; null if that is not known, or it takes longer than usual. */
  leftMs: number | null;
  /** When it will be done, ms since the epoch by the clock of the state; it may move. */
  doneAt: number | null;
  /** Whether what runs takes clearly longer than usual, without steps that say how much longer. */
  isOverdue: boolean;
  /** How long its kind usually takes as a whole, ms; null if that is not known. */
  usualMs: number | null;
  /** What the times come from; null if there are none. */
  basis: Basis | null;
  /** What its headline says: percent and time, `step 15 of 20`, or how long it has been running. */
  headline: 'time' | 'steps' | 'elapsed';
  /** Null where it is not known what it does. */
  activity: Activity | null;
}

/** A little over the usual is no news: ms, and as a share of what has passed and of what is left. */
const grace = { ms: 1_000, ofElapsed: 0.1, ofLeft: 0.2 } as const;

/** The outlook of a running job at `now` (ms). */
export function jobOutlook(
  server: Pick<ServerState, 'learnt' | 'connection'>,
  job: Job,
  now: number,
): JobOutlook {
  const { learnt } = server;
  const found = runLeft(learnt, job, now);
  const elapsed = jobElapsed(job, now);
  const isOverdue =
    found !== null &&
    found.overrun > Math.max(grace.ms, grace.ofElapsed * (elapsed ?? 0), grace.ofLeft * found.left);
  const leftMs = found === null || isOverdue ? null : found.left;
  const fraction = timeFraction(job, now) ?? fractionByKind(job, found?.left ?? null, elapsed);
  return {
    fraction,
    leftMs,
    doneAt: leftMs === null ? null : now + leftMs,
    isOverdue,
    usualMs: usualRun(learnt, job)?.took ?? null,
    basis: found?.basis ?? null,
    headline: fraction !== null ? 'time' : nodeFraction(job) !== null ? 'steps' : 'elapsed',
    activity: isReached(server.connection.phase) ? activityOf(learnt, job, now) : null,
  };
}

/** What a bar shows where there is room for one: how far the job is, and where that is not known, how far its node is. */
export function barFraction(job: Job, { fraction }: JobOutlook): number | null {
  const shown = fraction ?? nodeFraction(job);
  return shown === null ? null : Math.min(0.99, shown);
}

/** The nodes of a running job in time, for a timeline. */
export function jobTimeline(server: Pick<ServerState, 'learnt'>, job: Job, now: number): TimelineNode[] {
  return timelineOf(server.learnt, job, now);
}

/** Of a job whose progress is not reported, what has passed of the time that its kind takes. */
function fractionByKind(job: Job, left: number | null, elapsed: number | null): number | null {
  if (!lacksProgress(job) || left === null || elapsed === null) return null;
  return elapsed + left > 0 ? Math.min(0.99, elapsed / (elapsed + left)) : null;
}
