import type { NodeName } from '../../../domain/jobs/job.ts';
import { idOf, idsOf, isObject, listOf, objectOf, textOf, type WireObject } from '../wire-values.ts';

/** No graph has more nodes. */
const maxNodes = 10_000;
/** Characters. */
const maxTitleLength = 120;
/** Titles of which one may be a person's; and subgraphs that are looked through. */
const maxCandidates = 8;
const maxSubgraphs = 500;

/** Titles that a person may have given to nodes, by words alone; ComfyUI's own names of their classes decide. */
export interface PromptTitles {
  given: { title: string; classType: string }[];
  /** The title if all of these are ComfyUI's own names. */
  otherwise: string | null;
}

/** What a prompt is called and made of. */
export interface PromptGraph {
  /** As far as words alone decide. */
  title: string | null;
  /** Only where words alone cannot decide. */
  titles?: PromptTitles;
  /** Nodes that are looked at when it runs: those its outputs depend on. Null without a graph. */
  nodeTotal: number | null;
}

/**
 * Reads a prompt graph (`{id: {class_type, inputs, _meta}}`) with the `extra_data` and
 * `outputs_to_execute` of its queue or history item.
 *
 * The title is the first of: the name of the workflow, where the editor saved one; a title that a
 * person gave to an output node, then to any other node the outputs depend on (loaders aside: their
 * titles name models); the title of a subgraph in which they are; the first output node as it is called by
 * default. A title is taken for given by a person when its words are not simply those of the node's class.
 */
export function readPromptGraph(graph: unknown, extraData: unknown, outputsToExecute: unknown): PromptGraph {
  if (!isObject(graph)) return { title: workflowName(extraData), nodeTotal: null };
  const outputs = idsOf(outputsToExecute, maxNodes).filter((id) => Object.hasOwn(graph, id));
  const nodes = outputs.length > 0 ? reachable(graph, outputs) : Object.keys(graph).slice(0, maxNodes);
  const nodeTotal = nodes.length;
  const name = workflowName(extraData);
  if (name !== null) return { title: name, nodeTotal };
  const given = givenTitles(graph, outputs, nodes);
  const otherwise = subgraphTitle(extraData, outputs, nodes) ?? defaultTitle(graph, outputs);
  const [first] = given;
  return first
    ? { title: first.title, titles: { given, otherwise }, nodeTotal }
    : { title: otherwise, nodeTotal };
}

/** The names of a graph's nodes by id. */
export function nodeNamesOf(graph: unknown): Record<string, NodeName> {
  const named = Object.entries(objectOf(graph)).slice(0, maxNodes);
  return Object.fromEntries(
    named.flatMap(([id, node]) => (idOf(id) === null ? [] : [[id, nodeName(node)] as const])),
  );
}

function nodeName(node: unknown): NodeName {
  const { _meta: meta, class_type: classType } = objectOf(node);
  return {
    title: textOf(objectOf(meta).title, maxTitleLength)?.trim() || null,
    classType: textOf(classType, maxTitleLength) ?? 'unknown class',
  };
}

/** Older editors save no name; newer ones and some extensions put it in one of these places. */
function workflowName(extraData: unknown): string | null {
  const workflow = objectOf(objectOf(objectOf(extraData).extra_pnginfo).workflow);
  const extra = objectOf(workflow.extra);
  for (const name of [workflow.name, workflow.title, extra.name, extra.title]) {
    const text = textOf(name, maxTitleLength)?.trim();
    if (text) return text;
  }
  return null;
}

function givenTitles(
  graph: WireObject,
  outputs: readonly string[],
  nodes: readonly string[],
): PromptTitles['given'] {
  const given: PromptTitles['given'] = [];
  const seen = new Set<string>();
  for (const id of [...outputs, ...nodes]) {
    const { title, classType } = nodeName(graph[id]);
    const key = `${classType} ${title}`;
    const isLoader = /load/i.test(classType);
    if (title === null || isLoader || seen.has(key) || isDefaultTitle(title, classType)) continue;
    seen.add(key);
    if (given.push({ title, classType }) >= maxCandidates) break;
  }
  return given;
}

/** The editor's own name for a subgraph that was not named. */
const unnamedSubgraph = /^new subgraph( \d+)?$/i;

/**
 * What the subgraph is called in which nodes run, those of outputs first: their ids begin with that of its node. As the
 * editor saves it: `nodes[].type` is the id of one of `definitions.subgraphs`.
 */
function subgraphTitle(
  extraData: unknown,
  outputs: readonly string[],
  nodes: readonly string[],
): string | null {
  const workflow = objectOf(objectOf(objectOf(extraData).extra_pnginfo).workflow);
  const names = new Map<unknown, string | null>();
  for (const one of listOf(objectOf(workflow.definitions).subgraphs, maxSubgraphs)) {
    const { id, name } = objectOf(one);
    names.set(id, textOf(name, maxTitleLength)?.trim() || null);
  }
  if (names.size === 0) return null;
  const titles = new Map<string, string>();
  for (const node of listOf(workflow.nodes, maxNodes)) {
    const { id, type, title } = objectOf(node);
    const nodeId = idOf(id);
    if (nodeId === null || !names.has(type)) continue;
    const said = textOf(title, maxTitleLength)?.trim() || names.get(type);
    if (said && !unnamedSubgraph.test(said)) titles.set(nodeId, said);
  }
  for (const id of [...outputs, ...nodes]) {
    const outer = id.includes(':') ? id.slice(0, id.indexOf(':')) : null;
    const title = outer === null ? undefined : titles.get(outer);
    if (title !== undefined) return title;
  }
  return null;
}

function defaultTitle(graph: WireObject, outputs: readonly string[]): string | null {
  const [first] = outputs;
  if (first === undefined) return null;
  const { title, classType } = nodeName(graph[first]);
  return title ?? classType;
}

/** `Save Image` is `SaveImage`, `CLIP Text Encode (Prompt)` is `CLIPTextEncode`. */
function isDefaultTitle(title: string, classType: string): boolean {
  const squeezedClass = classType.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const words = title
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return words.every((word) => squeezedClass.includes(word));
}

/** All nodes that the given ones depend on, themselves included. A link is `[node id, output index]`. */
function reachable(graph: WireObject, from: readonly string[]): string[] {
  const found = new Set(from);
  // A set also walks what is added on the way.
  for (const id of found) {
    for (const input of Object.values(objectOf(objectOf(graph[id]).inputs))) {
      if (!Array.isArray(input) || input.length !== 2 || found.size >= maxNodes) continue;
      const source = idOf(input[0]);
      if (source !== null && typeof input[1] === 'number' && Object.hasOwn(graph, source)) found.add(source);
    }
  }
  return [...found];
}
