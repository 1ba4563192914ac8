import { limits } from '../../domain/monitor-state.ts';

/** Where the queue showed a prompt when it was last read. */
export type QueuePlace = 'running' | 'pending';
export type QueuePlaces = ReadonlyMap<string, QueuePlace>;

/** Newest entries to read at the first look. */
export const firstLook = limits.finishedAtFirst;
/** More prompts than this are looked up all at once. */
export const maxSingleReads = 20;
/** The most entries that are read at once; a server without `/api/jobs` sends their graphs, too. */
const maxNewest = 200;

/** The places of all prompts of a queue. */
export function queuePlaces(queue: {
  running: readonly { promptId: string }[];
  pending: readonly { promptId: string }[];
}): Map<string, QueuePlace> {
  return new Map<string, QueuePlace>([
    ...queue.pending.map(({ promptId }) => [promptId, 'pending'] as const),
    ...queue.running.map(({ promptId }) => [promptId, 'running'] as const),
  ]);
}

/** Prompts that were in the queue and are not there any more. */
export function leftQueue(before: QueuePlaces, now: QueuePlaces): string[] {
  return [...before.keys()].filter((promptId) => !now.has(promptId));
}

/**
 * How many of the newest ended prompts to ask for when asking for `asked` found `found`; null if these are
 * enough. They are if one of them was known before: whatever ended unseen since then is newer. Counting
 * what the server reports instead would not do: reports can be late, and two changes can be in one.
 * At the first look, which goes only so far, nothing is known.
 */
export function nextLimit(asked: number, found: number, reachesKnown: boolean): number | null {
  const isAll = found < asked || asked >= maxNewest;
  return isAll || reachesKnown ? null : Math.min(maxNewest, asked * 4);
}

/** How many of the newest entries to read at first after so many prompts left the queue. */
export function newestToRead(left: number, firstTime: boolean): number {
  return Math.min(maxNewest, firstTime ? Math.max(firstLook, left + 2) : left + 2);
}

/** What is known when a prompt has left the queue and is not in the history. */
export interface Disappearance {
  /** Where it was. */
  place: QueuePlace | null;
  /** Whether the server was restarted meanwhile. */
  restarted: boolean;
}

/** A user removed it before it ran, or the server forgot it. */
export function fateOf({ place, restarted }: Disappearance): 'cancelled' | 'lost' {
  return place === 'running' || restarted ? 'lost' : 'cancelled';
}

/**
 * Whether a server that we connected to again is another run of it: it then knows neither the prompts
 * that were queued nor those that had ended. Servers keep both in memory only.
 */
export function isRestarted(
  before: QueuePlaces,
  now: QueuePlaces,
  known: Iterable<string>,
  ended: ReadonlySet<string>,
): boolean {
  const remembers = [...before.keys()].some((promptId) => now.has(promptId) || ended.has(promptId));
  return !remembers && ![...known].some((promptId) => ended.has(promptId));
}
