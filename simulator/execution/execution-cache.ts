import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { NodeValue } from '../nodes/node-class.ts';
import type { JsonObject } from '../protocol/json.ts';
import { linkOf, type PromptGraph } from './prompt-graph.ts';

/** What a node left behind: its values, and what its `executed` message showed. */
export interface CachedResult {
  readonly outputs: readonly NodeValue[];
  readonly executed: JsonObject | undefined;
}

/**
 * Results of nodes that ran, found again by what went into them. As in ComfyUI the node's id plays no part: the
 * key is made of the class, the literal inputs and the keys of everything upstream.
 */
export type ExecutionCache = LRUCache<string, CachedResult>;

/** @param limit how many results are kept; the one unused for longest goes first */
export function createExecutionCache(limit = 256): ExecutionCache {
  return new LRUCache({ max: limit });
}

/** The cache key of every node of an acyclic prompt. */
export function cacheKeysOf(graph: PromptGraph): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const keyOf = (id: string): string => {
    const known = keys.get(id);
    if (known !== undefined) return known;
    const node = graph[id];
    if (!node) return 'nothing';
    const inputs = Object.keys(node.inputs)
      .sort()
      .map((name) => {
        const link = linkOf(node.inputs[name]);
        return link ? [name, keyOf(link.node), link.socket] : [name, node.inputs[name] ?? null];
      });
    const key = createHash('sha1')
      .update(JSON.stringify([node.class_type, inputs]))
      .digest('base64');
    keys.set(id, key);
    return key;
  };
  for (const id of Object.keys(graph)) keyOf(id);
  return keys;
}
