import { z } from 'zod';
import { jsonBytes } from '../text/json-bytes.ts';

/**
 * Ids of nodes, each once, spread over buckets: adding one costs the same however many there are, though state
 * is never changed in place. Without its buckets (`forgotten`) it can still be counted and compared.
 */
export const nodeSetSchema = z.object({
  count: z.number().int(),
  /** The same for the same ids, in whatever order they came. */
  digest: z.number(),
  /** Of the ids as JSON. */
  bytes: z.number().int(),
  buckets: z.array(z.array(z.string())),
});
export type NodeSet = z.infer<typeof nodeSetSchema>;

export const noNodes: NodeSet = { count: 0, digest: 0, bytes: 0, buckets: [] };

/** Bounds of one set: no graph has more nodes. What exceeds them is left out. */
export const nodeSetLimits = { ids: 10_000, bytes: 200_000, idsPerBucket: 300 } as const;
const bucketCount = 128;
const emptyBuckets: readonly string[][] = Array.from({ length: bucketCount }, () => []);

/** True for an id that was added; of a forgotten set, for none. */
export function hasNode(set: NodeSet, id: string): boolean {
  return set.buckets[placeOf(id)]?.includes(id) ?? false;
}

/** The set with more ids; the very same one if they are all known. */
export function addNodes(set: NodeSet, ids: readonly string[]): NodeSet {
  let { count, digest, bytes } = set;
  const fresh = new Map<number, string[]>();
  for (const id of ids) {
    const hash = hashOf(id);
    const place = hash % bucketCount;
    const bucket = fresh.get(place) ?? set.buckets[place] ?? [];
    const size = jsonBytes(id) + 1;
    const isFull =
      count >= nodeSetLimits.ids ||
      bytes + size > nodeSetLimits.bytes ||
      bucket.length >= nodeSetLimits.idsPerBucket;
    if (isFull || bucket.includes(id)) continue;
    if (fresh.has(place)) bucket.push(id);
    else fresh.set(place, [...bucket, id]);
    count += 1;
    bytes += size;
    digest = (digest + hash) % digestRange;
  }
  if (fresh.size === 0) return set;
  // Copied in one piece: this is done for most messages.
  const buckets = [...(set.buckets.length === bucketCount ? set.buckets : emptyBuckets)];
  for (const [place, bucket] of fresh) buckets[place] = bucket;
  return { count, digest, bytes, buckets };
}

/** Whether its ids cannot be asked for any more. */
export function isForgotten({ count, buckets }: NodeSet): boolean {
  return count > 0 && buckets.length === 0;
}

/** The set without one id. */
export function removeNode(set: NodeSet, id: string): NodeSet {
  if (!hasNode(set, id)) return set;
  const hash = hashOf(id);
  const place = hash % bucketCount;
  const bucket = (set.buckets[place] ?? []).filter((other) => other !== id);
  return {
    count: set.count - 1,
    digest: (set.digest - hash + digestRange) % digestRange,
    bytes: set.bytes - jsonBytes(id) - 1,
    buckets: set.buckets.with(place, bucket),
  };
}

/** The set as it is kept once it is not asked any more what is in it. */
export function forgotten(set: NodeSet): NodeSet {
  return set.buckets.length === 0 ? set : { ...set, bytes: 0, buckets: [] };
}

const digestRange = 2 ** 52;

/** 52 bits: two FNV-1a hashes side by side. */
/** `hashOf(id) % bucketCount`, by its lower half alone: this is asked for with every message. */
function placeOf(id: string): number {
  let low = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) low = Math.imul(low ^ id.charCodeAt(index), 0x01000193);
  return low & (bucketCount - 1);
}

function hashOf(id: string): number {
  let low = 0x811c9dc5;
  let high = 0x2f0b4a27;
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x01000193) + index;
  }
  return (high & 0xfffff) * 2 ** 32 + (low >>> 0);
}
