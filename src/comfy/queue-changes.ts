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

/**
 * Decides what to read while connected. `drops` is by how much the queue's length was seen to fall since
 * the last read: more than what is missing means that prompts came and went unseen.
 */
export function planWhileConnected(left: readonly string[], drops: number): HistoryPlan {
  const unseen = Math.max(0, drops - left.length);
  // Of many, those that ended since the last read are among as many newest entries.
  const single = left.length > maxSingleReads ? [] : [...left];
  const newest = left.length > maxSingleReads ? left.length + unseen : unseen;
  // A little more, for what finishes while we ask.
  return { newest: newest === 0 ? 0 : Math.min(maxNewest, newest + 2), single };
}

/** The ids of the newest prompts in the history; `complete` if there are no others. */
export interface EndedList {
  promptIds: readonly string[];
  complete: boolean;
}

/**
 * Decides what to read after a new connection. `ended` is null if the server cannot list what ended;
 * `told` are the prompts that were read before.
 */
export function planAtConnect(
  left: readonly string[],
  ended: EndedList | null,
  told: ReadonlySet<string>,
): HistoryPlan {
  if (ended === null)
    return { newest: Math.min(maxNewest, Math.max(firstLook, left.length + 2)), single: [...left] };
  const fresh = ended.promptIds.filter((promptId) => !told.has(promptId)).slice(0, firstLook);
  const known = new Set(ended.promptIds);
  const findable = ended.complete ? left.filter((promptId) => known.has(promptId)) : left;
  const wanted = [...new Set([...findable, ...fresh])];
  return wanted.length > maxSingleReads
    ? { newest: Math.min(maxNewest, Math.max(firstLook, wanted.length)), single: [...findable] }
    : { newest: 0, single: wanted };
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
  told: ReadonlySet<string>,
  ended: ReadonlySet<string>,
): boolean {
  const remembers = [...before.keys()].some((promptId) => now.has(promptId) || ended.has(promptId));
  return !remembers && ![...told].some((promptId) => ended.has(promptId));
}
