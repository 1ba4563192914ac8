import { type Job, jobElapsed } from '../src/domain/jobs/job.ts';
import { jobOutlook } from '../src/domain/jobs/outlook/job-outlook.ts';
import type { MonitorEvent } from '../src/domain/monitor-event.ts';
import { emptyState, type MonitorState, type ServerState } from '../src/domain/monitor-state.ts';
import { reduce } from '../src/domain/reduce.ts';
import { benchServer } from './bench-server.ts';
import type { Session } from './outlook-runs.ts';

/** When an estimate is judged, as a part of the run. */
const moments = [0.25, 0.5, 0.75] as const;

/** How far estimates were off, in percent of the run; null where none was made. */
export interface OutlookError {
  of: string;
  run: '1' | '2' | '3+';
  runs: number;
  /** The mean at 25, 50 and 75 % of the run. */
  errorPercent: (number | null)[];
  /** How many of the runs had an estimate then. */
  estimated: number[];
}

/** An estimate of what is left of a job, ms. */
export type Estimate = (server: ServerState, job: Job, now: number) => number | null;

const byOutlook: Estimate = (server, job, now) => jobOutlook(server, job, now).leftMs;

/** How well it was told how long prompts would still take, by which run of its kind it was. */
export function measureOutlookError(
  sessions: readonly Session[],
  estimate: Estimate = byOutlook,
): OutlookError[] {
  return sessions.flatMap(({ name, events }) => {
    const judged = judgedRuns(events, estimate);
    return (['1', '2', '3+'] as const).flatMap((run) => {
      const those = judged.filter((one) => (one.nth >= 3 ? '3+' : String(one.nth)) === run);
      if (those.length === 0) return [];
      const at = moments.map((_, index) => those.map(({ errors }) => errors[index] ?? null));
      return {
        of: name,
        run,
        runs: those.length,
        errorPercent: at.map(meanPercent),
        estimated: at.map((errors) => errors.filter((error) => error !== null).length),
      };
    });
  });
}

interface JudgedRun {
  /** Which run of its kind. */
  nth: number;
  /** At each of the moments, as a part of the run. */
  errors: (number | null)[];
}

function judgedRuns(events: readonly MonitorEvent[], estimate: Estimate): JudgedRun[] {
  const spans = spansOf(events);
  const seen = new Map<string, number>();
  const judged: JudgedRun[] = [];
  let state = watched();
  let next = 0;
  for (const { title, startedAt, finishedAt } of spans) {
    const nth = (seen.get(title) ?? 0) + 1;
    seen.set(title, nth);
    const took = finishedAt - startedAt;
    const errors = moments.map((moment) => {
      const now = startedAt + moment * took;
      for (let event = events[next]; event && event.at <= now; event = events[next]) {
        state = reduce(state, event);
        next += 1;
      }
      const [server] = state.servers;
      const [job] = server?.running ?? [];
      const left = server && job ? estimate(server, job, now) : null;
      return left === null ? null : Math.abs(left - (finishedAt - now)) / took;
    });
    judged.push({ nth, errors });
  }
  return judged;
}

/** When runs that succeeded began and ended; those that took no time are left out. */
function spansOf(
  events: readonly MonitorEvent[],
): { title: string; startedAt: number; finishedAt: number }[] {
  const [server] = events.reduce(reduce, watched()).servers;
  return (server?.finished ?? [])
    .flatMap((job) => {
      const { startedAt, finishedAt, title } = job;
      if (job.state !== 'success' || startedAt === null || finishedAt === null) return [];
      return (jobElapsed(job, finishedAt) ?? 0) < 500 ? [] : [{ title: title ?? '', startedAt, finishedAt }];
    })
    .sort((a, b) => a.startedAt - b.startedAt);
}

function watched(): MonitorState {
  const about = { serverId: benchServer.id, at: 0 };
  return reduce(emptyState, { type: 'server_added', ...about, server: benchServer });
}

function meanPercent(errors: readonly (number | null)[]): number | null {
  const known = errors.filter((error) => error !== null);
  if (known.length === 0) return null;
  return Math.round((1_000 * known.reduce((sum, error) => sum + error, 0)) / known.length) / 10;
}
