import { limits, type ServerState } from '../../monitor-state.ts';
import type { Job } from '../job.ts';
import { shapeOf } from '../learnt/learnt-times.ts';
import { jobOutlook } from './job-outlook.ts';
import { usualRun } from './usual-run.ts';

/** What is left of a server's queue, the running job included. */
export interface QueueOutlook {
  /** ms, of those prompts whose kind ran before. */
  leftMs: number;
  /** When the queue will be empty, ms since the epoch by the clock of the state; null if some of it is not known. */
  emptyAt: number | null;
  /** Whether that is all of it: otherwise it takes longer. */
  isAll: boolean;
}

/** The queue's outlook at `now` (ms); null if nothing waits, or nothing is known of what waits. */
export function queueOutlook(server: ServerState, now: number): QueueOutlook | null {
  const usualOf = usualByKind(server);
  const waiting = server.pending.map(usualOf);
  if (waiting.every((usual) => usual === null)) return null;
  const [job] = server.running;
  const parts = job ? [jobOutlook(server, job, now).leftMs, ...waiting] : waiting;
  const leftMs = parts.reduce((sum: number, part) => sum + (part ?? 0), 0);
  // A full list may stand for a longer queue.
  const isAll = !parts.includes(null) && server.pending.length < limits.pendingJobs;
  return { leftMs, isAll, emptyAt: isAll ? now + leftMs : null };
}

/** Looks up many waiting prompts; most are of few kinds. */
function usualByKind(server: ServerState): (job: Job) => number | null {
  const known = new Map<string, number | null>();
  return (job) => {
    const kind = JSON.stringify([job.title, job.nodeTotal, shapeOf(job), job.cachedNodes?.digest]);
    const before = known.get(kind);
    if (before !== undefined) return before;
    const usual = usualRun(server.learnt, job)?.took ?? null;
    known.set(kind, usual);
    return usual;
  };
}
