import { nodeNamesOf } from '../../../comfy/wire/entries/prompt-graph.ts';
import { parseExactJson } from '../../../comfy/wire/exact-json.ts';
import { graphParameters } from '../../../comfy/wire/graph/graph-parameters.ts';
import { objectOf } from '../../../comfy/wire/wire-values.ts';
import type { PromptParameters } from '../../../contract/output-details.ts';
import { maxPromptLength } from './text-parameters.ts';

/**
 * Reads from the prompt that ComfyUI embeds into a file how the file came about, as seen from the node that saved it:
 * what is nearest to that node made it. Null if the text is no prompt; never throws.
 */
export function readPromptParameters(json: string, nodeId: string): PromptParameters | null {
  try {
    return promptParameters(parseExactJson(json), nodeId);
  } catch {
    return null;
  }
}

/** The same for a prompt graph that was read already; null if it is none. */
function promptParameters(graph: unknown, nodeId: string): PromptParameters | null {
  const given = graphParameters(graph, [nodeId], maxPromptLength);
  if (given === null) return null;
  const nodes = objectOf(graph);
  const name = Object.hasOwn(nodes, nodeId)
    ? Object.values(nodeNamesOf({ [nodeId]: nodes[nodeId] }))[0]
    : undefined;
  return {
    node: name ? (name.title ?? name.classType) : null,
    seed: given.seed,
    steps: given.steps,
    model: given.models[0] ?? null,
    prompt: given.positive,
  };
}
