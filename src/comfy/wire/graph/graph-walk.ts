import { idOf, isObject, objectOf, type WireObject } from '../wire-values.ts';

/** Nodes looked at; no graph that makes an image has more between its sampler and its loaders. */
const maxNodes = 5_000;
/** Nodes that a value is handed through before one holds it. */
const maxHops = 20;

/** What nodes call the one value that they hold. */
const valueInputs = ['value', 'int', 'number', 'string', 'text'];

/** A node of the graph: its class and its inputs. */
export interface GraphNode {
  classType: string;
  inputs: WireObject;
}

/** Whether it is a graph at all: `{id: {class_type, inputs}}`. */
export function isGraph(graph: unknown): graph is WireObject {
  return isObject(graph) && Object.values(graph).some((node) => isObject(objectOf(node).inputs));
}

/** The ids of all nodes that are looked at where it is not known which of them are the outputs. */
export function allNodes(graph: WireObject): string[] {
  return Object.keys(graph).slice(0, maxNodes);
}

function nodeOf(graph: WireObject, id: string): GraphNode {
  const { class_type: classType, inputs } = objectOf(graph[id]);
  return { classType: typeof classType === 'string' ? classType : '', inputs: objectOf(inputs) };
}

/** Which inputs of a node are gone after. */
export type Follow = (input: string, node: GraphNode) => boolean;

/** The given nodes and all that they depend on, the nearest first. Those in `passed` are left out, and put there. */
export function upstream(
  graph: WireObject,
  from: readonly string[],
  follow: Follow = () => true,
  passed: Set<string> = new Set(),
): GraphNode[] {
  const found = new Set(from);
  const nodes: GraphNode[] = [];
  // A set also walks what is added on the way.
  for (const id of found) {
    if (passed.has(id)) continue;
    passed.add(id);
    const node = nodeOf(graph, id);
    nodes.push(node);
    for (const [name, input] of Object.entries(node.inputs)) {
      const source = linkOf(graph, input);
      if (source !== null && found.size < maxNodes && follow(name, node)) found.add(source);
    }
  }
  return nodes;
}

/** The node that an input is linked to. A link is `[node id, output index]`. */
export function linkOf(graph: WireObject, input: unknown): string | null {
  if (!Array.isArray(input) || input.length !== 2 || typeof input[1] !== 'number') return null;
  const id = idOf(input[0]);
  return id !== null && Object.hasOwn(graph, id) ? id : null;
}

/**
 * What an input is given: its own value, or that of the node it is linked to, such as a primitive or a seed, under one
 * of these names or as the one that fits.
 */
export function givenValue(
  graph: WireObject,
  input: unknown,
  names: readonly string[],
  fits: (value: unknown) => boolean,
): unknown {
  let value = input;
  for (let hops = 0; hops < maxHops; hops += 1) {
    const source = linkOf(graph, value);
    if (source === null) return fits(value) ? value : undefined;
    const { inputs } = nodeOf(graph, source);
    const named = [...names, ...valueInputs].flatMap((name) =>
      Object.hasOwn(inputs, name) ? [inputs[name]] : [],
    );
    const given = [...named, ...Object.values(inputs)];
    value = given.find(fits) ?? given.find((candidate) => linkOf(graph, candidate) !== null);
  }
  return undefined;
}

/** What the nearest node that has one of these inputs is given there; `undefined` if nothing of it fits. */
export function nearestValue(
  graph: WireObject,
  nodes: readonly GraphNode[],
  names: readonly string[],
  fits: (value: unknown) => boolean,
): unknown {
  for (const { inputs } of nodes) {
    for (const name of names) {
      if (!Object.hasOwn(inputs, name)) continue;
      const value = givenValue(graph, inputs[name], names, fits);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}
