import { limits, type ServerState } from '../monitor-state.ts';
import { isReached, type ServerFacts } from '../server.ts';

/**
 * The prompts of a server by how they stand, as page, mini mode, wall and tray all count them. `running` is what is
 * computed now, `waiting` what comes after that, `done` and `failed` what ended today. Null means not known: of what was done,
 * as long as the server was never reached.
 */
export interface JobCounts {
  running: number | null;
  waiting: number | null;
  /** Running and waiting in one number, where the server tells no more than that; else null. */
  inQueue: number | null;
  done: number | null;
  failed: number;
  /** More of today may have ended than was read or is kept: `done` and `failed` may be higher. */
  isCapped: boolean;
}

/** Counts the prompts of a server; of those that ended, those since `today` (ms, see `startOfToday`). */
export function jobCounts(server: ServerState, today: number): JobCounts {
  let done = 0;
  let failed = 0;
  let ended = 0;
  let reachesBack = false;
  for (const { state, finishedAt } of server.finished) {
    if (finishedAt === null) continue;
    if (finishedAt < today) {
      reachesBack = true;
      continue;
    }
    ended += 1;
    if (state === 'success') done += 1;
    else if (state === 'error') failed += 1;
  }
  const isHeardOf = server.watchedSince !== null || server.finished.length > 0;
  return {
    ...liveCounts(server),
    done: isHeardOf ? done : null,
    failed,
    isCapped: !reachesBack && ended >= limits.finishedAtFirst,
  };
}

const nothingKnown = { running: null, waiting: null, inQueue: null } as const;

function liveCounts({
  connection,
  facts,
  queueLength,
  running,
  pending,
}: ServerState): Pick<JobCounts, 'running' | 'waiting' | 'inQueue'> {
  if (!isReached(connection.phase)) return nothingKnown;
  const isListed = running.length + pending.length > 0;
  if (!isListed || !areListsRead(facts)) {
    if (queueLength === null) return nothingKnown;
    // With an empty queue nothing runs either; of a longer one the lists may not have been read yet.
    return queueLength === 0
      ? { running: 0, waiting: 0, inQueue: null }
      : { ...nothingKnown, inQueue: queueLength };
  }
  const isFull = pending.length >= limits.pendingJobs;
  return {
    running: running.length,
    waiting: isFull ? Math.max(pending.length, (queueLength ?? 0) - running.length) : pending.length,
    inQueue: null,
  };
}

/** Whether the server lets us read what runs and what waits. */
function areListsRead({ rest, unreadable }: ServerFacts): boolean {
  const fails = new Set(unreadable.map(({ source }) => source));
  return rest !== 'absent' && !(fails.has('live_jobs') && fails.has('queue'));
}

/** The counts of several servers together; null where it is not known of any. */
export function allCounts(counts: readonly JobCounts[]): JobCounts {
  const sum = (pick: (one: JobCounts) => number | null): number | null =>
    counts.reduce<number | null>((total, one) => {
      const value = pick(one);
      return value === null ? total : (total ?? 0) + value;
    }, null);
  return {
    running: sum(({ running }) => running),
    waiting: sum(({ waiting }) => waiting),
    inQueue: sum(({ inQueue }) => inQueue),
    done: sum(({ done }) => done) ?? 0,
    failed: sum(({ failed }) => failed) ?? 0,
    isCapped: counts.some(({ isCapped }) => isCapped),
  };
}

/** How many prompts are still to be done, the running ones included: what a badge shows; 0 where it is not known. */
export function leftToDo({ running, waiting, inQueue }: JobCounts): number {
  return (running ?? 0) + (waiting ?? 0) + (inQueue ?? 0);
}

/**
 * The midnight at which today began where the user is, by the clock of the state: `now` is that clock, `wall` the one on
 * the wall, all ms since the epoch.
 */
export function startOfToday(now: number, wall: number): number {
  const date = new Date(wall);
  return now - (wall - new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime());
}
