import type { Job } from '../jobs/job.ts';
import { jobTitle } from '../jobs/job-titles.ts';
import { type QueueOutlook, queueOutlook } from '../jobs/outlook/queue-outlook.ts';
import type { ServerState } from '../monitor-state.ts';
import { type ExecutedOutput, isTemporary } from '../outputs/executed-output.ts';
import { type Connection, type ConnectionProblem, isReached, type Server } from '../server.ts';
import { type GpuGlance, gpuGlances } from './gpu-glance.ts';
import { type JobCounts, jobCounts } from './job-counts.ts';
import { type JobGlance, jobGlance } from './job-glance.ts';

/** The clocks that a glance goes by, all ms since the epoch. */
export interface GlanceTime {
  /** By the clock of the state. */
  now: number;
  /** When today began, by the same clock; see `startOfToday`. */
  today: number;
}

/** What there is to know of a server without a second look. */
export interface ServerGlance {
  server: Server;
  phase: Connection['phase'];
  /** Why it cannot be reached; null while it can, or nothing was tried yet. */
  problem: ConnectionProblem | null;
  counts: JobCounts;
  /** What runs now, and what its connection vouches for. */
  job: JobGlance | null;
  queue: QueueOutlook | null;
  gpus: GpuGlance[];
  /** The picture that was made last. */
  picture: PictureGlance | null;
  /** The job that ended last, if any. */
  last: { title: string; state: Job['state']; promptId: string } | null;
  /** The job that failed last today. */
  lastFailed: { title: string; promptId: string; finishedAt: number } | null;
}

export interface PictureGlance {
  promptId: string;
  output: ExecutedOutput;
}

/** A server at a moment. Nothing of what runs or is measured is claimed while it cannot be reached. */
export function serverGlance(state: ServerState, { now, today }: GlanceTime): ServerGlance {
  const { server, connection, finished } = state;
  const isThere = isReached(connection.phase);
  const [job] = isThere ? state.running : [];
  const [last] = finished;
  const failed = finished.find((one) => one.state === 'error' && (one.finishedAt ?? 0) >= today);
  return {
    server,
    phase: connection.phase,
    problem: connection.phase === 'waiting' ? connection.problem : null,
    counts: jobCounts(state, today),
    job: job ? jobGlance(state, job, now) : null,
    queue: isThere ? queueOutlook(state, now) : null,
    gpus: isThere ? gpuGlances(state, now) : [],
    picture: newestPicture(state),
    last: last ? { title: jobTitle(last), state: last.state, promptId: last.promptId } : null,
    lastFailed: failed
      ? { title: jobTitle(failed), promptId: failed.promptId, finishedAt: failed.finishedAt ?? 0 }
      : null,
  };
}

/** How many jobs are looked through for a picture. */
const lookedThrough = 20;

/** The picture that was made last and saved, of those jobs that ran last. */
function newestPicture({
  running,
  finished,
}: Pick<ServerState, 'running' | 'finished'>): PictureGlance | null {
  for (const job of [...running, ...finished.slice(0, lookedThrough)]) {
    const output = job.outputs.findLast(
      (one) => one.file !== null && !isTemporary(one) && (one.kind === 'image' || one.kind === 'animation'),
    );
    if (output) return { promptId: job.promptId, output };
  }
  return null;
}
