import { useMemo, useSyncExternalStore } from 'react';
import { z } from 'zod';
import { endedAround, type Job } from '../../../domain/jobs/job.ts';
import type { ServerState } from '../../../domain/monitor-state.ts';
import { keepItem, keptItem } from '../../ui/kept-item.ts';
import { useServer } from '../session-context.tsx';

/** Of one server: all that ended until then (ms) were seen, and of later ones these. */
const seenSchema = z.object({ until: z.number(), runs: z.array(z.string()) });
const schema = z.record(z.string(), seenSchema);

/** Which failures were seen in this browser, by server. */
type SeenFailures = z.infer<typeof schema>;

const key = 'comfy-monitor:seen-failures';
/** Single failures that are kept per server; more at once are dismissed together. */
const maxRuns = 100;
const maxServers = 50;

let seen: SeenFailures | null = null;
const listeners = new Set<() => void>();

/** What was seen so far, also before the page was loaded. */
function seenFailures(): SeenFailures {
  seen ??= keptItem(key, schema) ?? {};
  return seen;
}

/** Hears when another failure was seen; the result ends that. */
function onSeenFailures(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.addEventListener('storage', readAgain);
    // Meanwhile nobody heard of other windows.
    seen = null;
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('storage', readAgain);
  };
}

/** Another window of this browser has shown one. */
function readAgain(event: StorageEvent): void {
  if (event.key !== key && event.key !== null) return;
  seen = null;
  for (const listener of [...listeners]) listener();
}

/** A failure was looked into. */
export function markSeen(job: Job): void {
  const { until, runs } = seenFailures()[job.serverId] ?? { until: 0, runs: [] };
  const run = runOf(job);
  if (!runs.includes(run)) keep(job.serverId, { until, runs: [...runs, run].slice(-maxRuns) });
}

/** These failures, and all before them, need not be shown any more. */
export function dismissFailures(serverId: string, jobs: readonly Job[]): void {
  const until = jobs.reduce((last, job) => Math.max(last, endedAround(job)), 0);
  keep(serverId, { until: Math.max(until, seenFailures()[serverId]?.until ?? 0), runs: [] });
}

function keep(serverId: string, ofServer: z.infer<typeof seenSchema>): void {
  const { [serverId]: _, ...others } = seenFailures();
  seen = Object.fromEntries([[serverId, ofServer], ...Object.entries(others)].slice(0, maxServers));
  keepItem(key, seen);
  for (const listener of [...listeners]) listener();
}

/** Failures of a server that nobody has seen yet, newest first, by whatever part of the page they could be seen. */
export function useUnseenFailures(serverId: string): readonly Job[] {
  const finished = useServer(serverId, (server) => server.finished, none);
  const watchedSince = useServer(serverId, (server) => server.watchedSince, null);
  const ofServer = useSyncExternalStore(onSeenFailures, seenFailures)[serverId];
  return useMemo(
    () => unseenFailures({ finished, watchedSince }, ofServer),
    [finished, watchedSince, ofServer],
  );
}

const none: Job[] = [];

/** What failed before the server was watched is history. */
function unseenFailures(
  { finished, watchedSince }: Pick<ServerState, 'finished' | 'watchedSince'>,
  ofServer: SeenFailures[string] | undefined,
): Job[] {
  if (watchedSince === null) return [];
  const { until, runs } = ofServer ?? { until: 0, runs: [] };
  return finished.filter(
    (job) =>
      job.state === 'error' &&
      endedAround(job) >= watchedSince &&
      endedAround(job) > until &&
      !runs.includes(runOf(job)),
  );
}

function runOf({ promptId, run }: Job): string {
  return `${promptId} ${run}`;
}
