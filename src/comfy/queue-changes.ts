/** Where the queue showed a prompt when it was last read. */
export type QueuePlace = 'running' | 'pending';
export type QueuePlaces = ReadonlyMap<string, QueuePlace>;

/** What is to be read from the history after the queue was read. */
export interface HistoryPlan {
  /** How many of the newest entries to read; 0 for none. */
  newest: number;
  /** Prompts to look up one by one, unless the newest entries have them. */
  single: string[];
}

/** Newest entries to read at the first look. */
export const firstLook = 50;
/** More prompts than this are looked up all at once. */
const maxSingleReads = 20;
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

/** The ids of the newest prompts in the history; `complete` if there are no others. */
export interface EndedList {
  promptIds: readonly string[];
  complete: boolean;
}

/**
 * How many of the newest ended prompts to ask for when asking for `asked` found `found`; null if these are
 * enough. They are if one of them was known before: whatever ended unseen since then is newer. Counting
 * what the server reports instead would not do: reports can be late, and two changes can be in one.
 * `known` is null at the first look, which goes only so far.
 */
export function furtherReach(
  asked: number,
  found: readonly string[],
  known: ReadonlySet<string> | null,
): number | null {
  const isAll = found.length < asked || asked >= maxNewest;
  const reachesKnown = known === null || found.some((promptId) => known.has(promptId));
  return isAll || reachesKnown ? null : Math.min(maxNewest, asked * 4);
}

/**
 * Decides what to read after prompts `left` the queue or it may have held some unseen. `ended` is null if
 * the server cannot list what ended; `known` are the ended prompts that were known before, null at the
 * first look.
 */
export function planHistory(
  left: readonly string[],
  ended: EndedList | null,
  known: ReadonlySet<string> | null,
): HistoryPlan {
  const many = left.length > maxSingleReads;
  if (ended === null) {
    const newest = known === null ? Math.max(firstLook, left.length + 2) : left.length + 2;
    // Of many, those that ended are among the newest entries, which are read back to a known one.
    return { newest: Math.min(maxNewest, newest), single: many ? [] : [...left] };
  }
  const fresh = known
    ? ended.promptIds.filter((promptId) => !known.has(promptId))
    : ended.promptIds.slice(0, firstLook);
  const listed = new Set(ended.promptIds);
  const findable = many || ended.complete ? left.filter((promptId) => listed.has(promptId)) : left;
  const single = [...new Set([...findable, ...fresh])];
  const newest = single.length > maxSingleReads ? Math.min(maxNewest, single.length + 2) : 0;
  return { newest, single };
}

/** What is known when a prompt has left the queue and is not in the history. */
export interface Disappearance {
  /** Where it was. */
  place: QueuePlace;
  /** Whether the server was restarted meanwhile. */
  restarted: boolean;
}

/** Somebody removed it before it ran, or the server forgot it. */
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
  known: ReadonlySet<string>,
  ended: ReadonlySet<string>,
): boolean {
  const remembers = [...before.keys()].some((promptId) => now.has(promptId) || ended.has(promptId));
  return !remembers && ![...known].some((promptId) => ended.has(promptId));
}
