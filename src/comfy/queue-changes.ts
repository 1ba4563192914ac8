/** Where the queue showed a prompt when it was last read. */
export type QueuePlace = 'running' | 'pending';
export type QueuePlaces = ReadonlyMap<string, QueuePlace>;

/** What is to be read from the history after the queue was read. */
export interface HistoryPlan {
  /** How many of the newest entries to read; 0 for none. */
  newest: number;
  /** Prompts that left the queue: what became of them? */
  left: string[];
}

/** Newest entries to read at connect. */
const firstLook = 50;
/** More prompts than this are looked up all at once. */
export const maxSingleReads = 20;

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

/**
 * Decides what to read from the history. `drops` is by how much the queue's length was seen to fall
 * since the last read: more than what is missing means that prompts came and went unseen.
 */
export function planHistory(
  before: QueuePlaces,
  now: QueuePlaces,
  drops: number,
  connect: boolean,
): HistoryPlan {
  const left = [...before.keys()].filter((promptId) => !now.has(promptId));
  if (connect) return { newest: firstLook, left };
  const unseen = Math.max(0, drops - left.length);
  const newest = left.length > maxSingleReads ? left.length + unseen : unseen;
  // A little more, for what finishes while we ask.
  return { newest: newest === 0 ? 0 : Math.min(200, newest + 2), left };
}

/**
 * What became of a prompt that left the queue and is not in the history: somebody removed it before it
 * ran, or the server forgot it. After a new connection that finds none of the old prompts, the server
 * has been restarted.
 */
export function fateOf(
  promptId: string,
  before: QueuePlaces,
  now: QueuePlaces,
  connect: boolean,
): 'cancelled' | 'lost' {
  const restarted = connect && ![...before.keys()].some((known) => now.has(known));
  return before.get(promptId) === 'running' || restarted ? 'lost' : 'cancelled';
}
