import { nodeClasses } from '../nodes/node-registry.ts';
import { linksOf, type PromptGraph } from './prompt-graph.ts';

/**
 * The ids of the nodes a prompt touches, in the order ComfyUI takes them (comfy_execution/graph.py): whatever an
 * output needs and is not cached; among the nodes that are ready, outputs first, then what leads to one soon.
 * Cached outputs are in the list too: they are announced again, not run again.
 */
export function executionPlan(
  graph: PromptGraph,
  outputs: readonly string[],
  isCached: (id: string) => boolean,
): string[] {
  const waiting = new Map<string, Set<string>>();
  const feeds = new Map<string, Set<string>>();
  const add = (id: string) => {
    const node = graph[id];
    if (!node || waiting.has(id)) return;
    const needs = new Set<string>();
    waiting.set(id, needs);
    for (const { node: source } of linksOf(node)) {
      if (isCached(source)) continue;
      needs.add(source);
      feeds.set(source, (feeds.get(source) ?? new Set()).add(id));
      add(source);
    }
  };
  for (const id of outputs) add(id);

  const isOutput = (id: string) => nodeClasses.get(graph[id]?.class_type ?? '')?.isOutput ?? false;
  const leadsToOutput = (id: string, hops: number): boolean =>
    [...(feeds.get(id) ?? [])].some((next) => isOutput(next) || (hops > 1 && leadsToOutput(next, hops - 1)));
  const order: string[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, needs]) => needs.size === 0).map(([id]) => id);
    const next =
      ready.find(isOutput) ??
      ready.find((id) => leadsToOutput(id, 1)) ??
      ready.find((id) => leadsToOutput(id, 2)) ??
      ready[0];
    if (next === undefined) throw new Error('the graph has a cycle');
    order.push(next);
    waiting.delete(next);
    for (const needs of waiting.values()) needs.delete(next);
  }
  return order;
}
