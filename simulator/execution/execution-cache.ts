import { createHash } from 'node:crypto';
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
export class ExecutionCache {
  private readonly results = new Map<string, CachedResult>();
  private readonly limit: number;

  /** @param limit how many results are kept; the one unused for longest goes first */
  constructor(limit = 256) {
    this.limit = limit;
  }

  get(key: string): CachedResult | undefined {
    const result = this.results.get(key);
    if (result) {
      this.results.delete(key);
      this.results.set(key, result);
    }
    return result;
  }

  set(key: string, result: CachedResult): void {
    this.results.delete(key);
    this.results.set(key, result);
    for (const oldest of this.results.keys()) {
      if (this.results.size <= this.limit) break;
      this.results.delete(oldest);
    }
  }

  clear(): void {
    this.results.clear();
  }
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
