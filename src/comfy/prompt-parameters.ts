import type { PromptParameters } from '../shared/bridge.ts';
import { parseJson } from './json.ts';
import { nodeNamesOf } from './prompt-graph.ts';
import { cutText, idOf, isObject, numberOf, objectOf, textOf, type WireObject } from './wire-values.ts';

/** Nodes looked at; no graph that makes an image has more between its sampler and its loaders. */
const maxNodes = 5_000;
const maxPromptLength = 20_000;

/** What lies between conditioning and its text: everything but these leads elsewhere. */
const notConditioning =
  /^(negative|model|clip|vae|images?|pixels|mask|latent|samples|control_net|clip_vision.*)$/;
const textInputs = [
  'text',
  'prompt',
  'string',
  'value',
  'text_g',
  'text_l',
  'clip_l',
  't5xxl',
  'wildcard_text',
];
const modelInputs = ['ckpt_name', 'unet_name', 'model_name', 'diffusion_model_name'];

/**
 * Reads from the prompt that ComfyUI embeds into an image how the image came about, as seen from the
 * node that saved it: what is nearest to that node made the image. Null if the text is no prompt; never
 * throws.
 */
export function readPromptParameters(json: string, nodeId: string): PromptParameters | null {
  const graph = parsed(json);
  if (!isObject(graph) || !Object.values(graph).some((node) => isObject(objectOf(node).inputs))) return null;
  const start = Object.hasOwn(graph, nodeId) ? [nodeId] : Object.keys(graph).slice(0, maxNodes);
  const nodes = upstream(graph, start);
  const name = nodeNamesOf(graph)[nodeId];
  const model = firstText(nodes, modelInputs);
  return {
    node: name ? (name.title ?? name.classType) : null,
    seed: seedOf(graph, nodes),
    steps: firstNumber(nodes, 'steps'),
    model: model === null ? null : (model.split(/[\\/]/).at(-1) ?? model),
    prompt: promptOf(graph, nodes),
  };
}

/** Seeds go up to 2⁶⁴, where JavaScript's numbers have gaps: whole numbers keep their digits as text. */
function parsed(json: string): unknown {
  try {
    return parseJson(json, (_key, value, context) =>
      typeof value === 'number' && !Number.isSafeInteger(value) && /^\d{1,20}$/.test(context?.source ?? '')
        ? context?.source
        : value,
    );
  } catch {
    return null;
  }
}

/** The inputs of the given nodes and of all that they depend on, the nearest first. */
function upstream(
  graph: WireObject,
  from: readonly string[],
  follow: (input: string) => boolean = () => true,
): WireObject[] {
  const found = new Set(from);
  const nodes: WireObject[] = [];
  // A set also walks what is added on the way.
  for (const id of found) {
    const inputs = objectOf(objectOf(graph[id]).inputs);
    nodes.push(inputs);
    for (const [name, input] of Object.entries(inputs)) {
      const source = linkOf(graph, input);
      if (source !== null && found.size < maxNodes && follow(name)) found.add(source);
    }
  }
  return nodes;
}

/** The node that an input is linked to. A link is `[node id, output index]`. */
function linkOf(graph: WireObject, input: unknown): string | null {
  if (!Array.isArray(input) || input.length !== 2 || typeof input[1] !== 'number') return null;
  const id = idOf(input[0]);
  return id !== null && Object.hasOwn(graph, id) ? id : null;
}

function seedOf(graph: WireObject, nodes: readonly WireObject[]): string | null {
  for (const inputs of nodes) {
    for (const input of [inputs.noise_seed, inputs.seed]) {
      const source = linkOf(graph, input);
      // A seed can come from a node of its own, as a number under whatever name.
      const given = source === null ? [input] : Object.values(objectOf(objectOf(graph[source]).inputs));
      const seed = given.map(String).find((value) => /^\d{1,20}$/.test(value));
      if (seed !== undefined) return seed;
    }
  }
  return null;
}

function firstNumber(nodes: readonly WireObject[], name: string): number | null {
  for (const inputs of nodes) {
    const number = numberOf(inputs[name]);
    if (number !== null) return number;
  }
  return null;
}

function firstText(nodes: readonly WireObject[], names: readonly string[]): string | null {
  for (const inputs of nodes) {
    for (const name of names) {
      const text = textOf(inputs[name], 300);
      if (text !== null) return text;
    }
  }
  return null;
}

/** The words of the conditioning that the nearest sampler wants, or the guider before it. */
function promptOf(graph: WireObject, nodes: readonly WireObject[]): string | null {
  for (const inputs of nodes) {
    const source = linkOf(graph, inputs.positive) ?? linkOf(graph, inputs.conditioning);
    if (source === null) continue;
    const sources = upstream(graph, [source], (input) => !notConditioning.test(input));
    const texts = sources.flatMap((node) =>
      textInputs.flatMap((name) => textOf(node[name], maxPromptLength) ?? []),
    );
    const words = texts.map((text) => text.trim()).filter((text) => text !== '');
    if (words.length > 0) return cutText([...new Set(words)].slice(0, 20).join('\n'), maxPromptLength);
  }
  return null;
}
