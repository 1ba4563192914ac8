import type { Job } from '../../../domain/jobs/job.ts';
import { jobOutlook } from '../../../domain/jobs/outlook/job-outlook.ts';
import { usualRun } from '../../../domain/jobs/outlook/usual-run.ts';
import type { ServerState } from '../../../domain/monitor-state.ts';

/** When the turn of a waiting prompt comes, as far as that follows from earlier runs. */
export interface QueueTimes {
  /** How long its kind usually takes, ms; null if that is not known. */
  usualMs: number | null;
  /** When it will begin, ms since the epoch by the clock of the state; null where something before it is not known. */
  startsAt: number | null;
  /** The same of its end. */
  doneAt: number | null;
}

/** The times of one waiting prompt at `now` (ms); null if it does not wait any more. */
export function queueTimes(server: ServerState, promptId: string, now: number): QueueTimes | null {
  const { learnt, pending, running } = server;
  const usualOf = (job: Job): number | null => usualRun(learnt, job)?.took ?? null;
  const [first] = running;
  let startsAt: number | null = now;
  if (first) startsAt = jobOutlook(server, first, now).doneAt;
  for (const job of pending) {
    const usualMs: number | null = startsAt === null && job.promptId !== promptId ? null : usualOf(job);
    if (job.promptId === promptId)
      return { usualMs, startsAt, doneAt: startsAt === null || usualMs === null ? null : startsAt + usualMs };
    startsAt = startsAt === null || usualMs === null ? null : startsAt + usualMs;
  }
  return null;
}
