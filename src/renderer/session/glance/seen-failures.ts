import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import type { ServerState } from '../../../domain/monitor-state.ts';
import { keepItem, keptItem } from '../../ui/kept-item.ts';
import { useServer } from '../session-context.tsx';

const key = 'seen-failures';
/** More servers than can be watched are not remembered. */
const maxServers = 50;
/** Per server until when its failures were looked at, ms by the clock of the state. */
const seenSchema = z.record(z.string(), z.number());

const listeners = new Set<() => void>();
let seen: Readonly<Record<string, number>> | null = null;

function current(): Readonly<Record<string, number>> {
  seen ??= keptItem(key, seenSchema) ?? {};
  return seen;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The job that failed last on a server while we watched and that nobody has looked at yet, by its id; null for none. */
export function useUnseenFailure(serverId: string): string | null {
  const until = useSyncExternalStore(subscribe, () => current()[serverId] ?? 0);
  return useServer(serverId, (server) => unseenFailure(server, until), null);
}

/** The newest job that failed after `until` and while we watched: earlier ones are history. */
function unseenFailure({ finished, watchedSince }: ServerState, until: number): string | null {
  const since = Math.max(until, watchedSince ?? Number.POSITIVE_INFINITY);
  return (
    finished.find(({ state, finishedAt }) => state === 'error' && (finishedAt ?? 0) > since)?.promptId ?? null
  );
}

/** All failures of a server until `at` (ms by the clock of the state) were looked at. */
export function markFailuresSeen(serverId: string, at: number): void {
  const others = Object.entries(current()).filter(([id]) => id !== serverId);
  seen = Object.fromEntries([...others.slice(1 - maxServers), [serverId, at]]);
  keepItem(key, seen);
  for (const listener of [...listeners]) listener();
}
