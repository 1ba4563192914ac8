import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';

/** One node of a prompt in ComfyUI's API format. */
export interface PromptNode extends JsonObject {
  readonly class_type: string;
  readonly inputs: JsonObject;
  readonly _meta?: { readonly title?: string };
}

/** A prompt in API format: node id (also `12:3` inside subgraphs) to node. */
export type PromptGraph = Readonly<Record<string, PromptNode>>;

/** A reference to another node's output: `[node id, output index]`. */
export interface Link {
  readonly node: string;
  readonly socket: number;
}

/** Reads an input value as a link; custom clients write node ids as numbers. */
export function linkOf(value: Json | undefined): Link | undefined {
  if (!isJsonArray(value) || value.length !== 2) return undefined;
  const [node, socket] = value;
  if ((typeof node !== 'string' && typeof node !== 'number') || typeof socket !== 'number') return undefined;
  return { node: String(node), socket };
}

/** The links of a node, in the order of its inputs. */
export function linksOf(node: PromptNode): Link[] {
  return Object.values(node.inputs).flatMap((value) => linkOf(value) ?? []);
}

/** What a person calls the node: its title in the editor, else its class. */
export function titleOf(node: PromptNode): string {
  return node._meta?.title ?? node.class_type;
}

/** A JSON value as a prompt graph, or undefined when it has not the shape of one. */
export function promptGraphOf(value: Json | undefined): PromptGraph | undefined {
  if (!isJsonObject(value)) return undefined;
  const graph: Record<string, PromptNode> = {};
  for (const [id, entry] of Object.entries(value)) {
    const node = promptNodeOf(entry);
    if (!node) return undefined;
    graph[id] = node;
  }
  return graph;
}

/** The node with everything the client sent along, known to us or not. */
function promptNodeOf(value: Json | undefined): PromptNode | undefined {
  if (!isJsonObject(value) || typeof value.class_type !== 'string') return undefined;
  const inputs = value.inputs;
  const meta = value._meta;
  const title = isJsonObject(meta) ? meta.title : undefined;
  return {
    ...value,
    class_type: value.class_type,
    inputs: isJsonObject(inputs) ? inputs : {},
    ...(typeof title === 'string' ? { _meta: { title } } : { _meta: {} }),
  };
}
