import { nodeNamesOf } from '../../../comfy/wire/entries/prompt-graph.ts';
import { parseExactJson } from '../../../comfy/wire/exact-json.ts';
import {
  cutText,
  idOf,
  isObject,
  numberOf,
  objectOf,
  textOf,
  type WireObject,
} from '../../../comfy/wire/wire-values.ts';
import type { PromptParameters } from '../../../contract/output-details.ts';
import { maxPromptLength } from './text-parameters.ts';

/** Nodes looked at; no graph that makes an image has more between its sampler and its loaders. */
const maxNodes = 5_000;
/** Nodes that a value is handed through before one holds it. */
const maxHops = 20;

/** What lies between conditioning and its text: everything but these leads elsewhere. */
const notConditioning =
  /^(model|clip|vae|images?|pixels|mask|latent|samples|control_net|lora_stack|clip_vision.*)$|neg/i;

/** Inputs that hold the wanted words wherever they stand: of loaders, encoders, nodes with everything in one. */
const positiveInput = /^(positive|pos)(_?(prompt|text|g|l|[1-9]))*$|^(text|prompt)_?(positive|pos)$/i;
/** Inputs that hold words for people or models, where these are known to be the wanted ones. */
const wordsInput =
  /^(positive|pos|text|prompt|string|value|caption|clip_l|clip_g|t5xxl|llama|populated_text|wildcard_text|user_prompt|lyrics|tags)([_ ]?(positive|pos|prompt|text|string|g|l|\d{1,3})|_[a-f]){0,3}$/i;
/** What becomes sound or pixels without a sampler that we would know. */
const speaks = /tts|speech|voice|text_?encode|text_?to|song|music/i;

const modelInputs = ['ckpt_name', 'unet_name', 'diffusion_model_name', 'base_ckpt_name'];
/** Names that other models are given under, too. */
const vagueModelInputs = ['model_name', 'model', 'model_path'];
const otherModels =
  /upscal|control|clip|vae|lora|detect|sam|segment|rembg|background|preview|vision|interpol|rife|adapter|depth|caption|florence|llm|face|style/i;
const seedInputs = ['noise_seed', 'seed', 'seed_num', 'random_seed', 'rand_seed'];
/** What nodes call the one value that they hold. */
const valueInputs = ['value', 'int', 'number', 'string', 'text'];
const isSeed = (value: unknown): boolean => /^\d{1,20}$/.test(plain(value));

/** A node of the graph: its class and its inputs. */
interface Node {
  classType: string;
  inputs: WireObject;
}

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
  if (!isObject(graph) || !Object.values(graph).some((node) => isObject(objectOf(node).inputs))) return null;
  const isThere = Object.hasOwn(graph, nodeId);
  const nodes = upstream(graph, isThere ? [nodeId] : Object.keys(graph).slice(0, maxNodes));
  const name = isThere ? Object.values(nodeNamesOf({ [nodeId]: graph[nodeId] }))[0] : undefined;
  const model = modelOf(graph, nodes);
  return {
    node: name ? (name.title ?? name.classType) : null,
    seed: seedOf(graph, nodes),
    steps: stepsOf(graph, nodes),
    model: model === null ? null : (model.split(/[\\/]/).at(-1) ?? model),
    prompt: promptOf(graph, nodes),
  };
}

function nodeOf(graph: WireObject, id: string): Node {
  const { class_type: classType, inputs } = objectOf(graph[id]);
  return { classType: typeof classType === 'string' ? classType : '', inputs: objectOf(inputs) };
}

/** The given nodes and all that they depend on, the nearest first. Those in `passed` are left out, and put there. */
function upstream(
  graph: WireObject,
  from: readonly string[],
  follow: (input: string) => boolean = () => true,
  passed: Set<string> = new Set(),
): Node[] {
  const found = new Set(from);
  const nodes: Node[] = [];
  // A set also walks what is added on the way.
  for (const id of found) {
    if (passed.has(id)) continue;
    passed.add(id);
    const node = nodeOf(graph, id);
    nodes.push(node);
    for (const [name, input] of Object.entries(node.inputs)) {
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

/**
 * What an input is given: its own value, or that of the node it is linked to, such as a primitive or a seed, under one
 * of these names or as the one that fits.
 */
function givenValue(
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

/** A whole number or text as text; empty for everything else, which may not be what it claims to be. */
function plain(value: unknown): string {
  return Number.isSafeInteger(value) || typeof value === 'string' ? String(value) : '';
}

function seedOf(graph: WireObject, nodes: readonly Node[]): string | null {
  for (const { inputs } of nodes) {
    for (const name of seedInputs) {
      if (!Object.hasOwn(inputs, name)) continue;
      const seed = givenValue(graph, inputs[name], seedInputs, isSeed);
      if (seed !== undefined) return plain(seed);
    }
  }
  return null;
}

function stepsOf(graph: WireObject, nodes: readonly Node[]): number | null {
  for (const { inputs } of nodes) {
    if (!Object.hasOwn(inputs, 'steps')) continue;
    const steps = numberOf(givenValue(graph, inputs.steps, ['steps'], (value) => (numberOf(value) ?? 0) > 0));
    if (steps !== null) return steps;
  }
  return null;
}

function modelOf(graph: WireObject, nodes: readonly Node[]): string | null {
  const named = (names: readonly string[], where: readonly Node[]) => {
    for (const { inputs } of where) {
      for (const name of names) {
        if (!Object.hasOwn(inputs, name)) continue;
        const input = inputs[name];
        // Some choices come with a picture: `{content, image}`.
        const given = isObject(input) ? input.content : input;
        const text = textOf(
          givenValue(graph, given, names, (value) => typeof value === 'string'),
          300,
        );
        if (text !== null && text !== 'None') return text;
      }
    }
    return null;
  };
  return (
    named(modelInputs, nodes) ??
    named(
      vagueModelInputs,
      nodes.filter(({ classType }) => !otherModels.test(classType)),
    )
  );
}

/**
 * The words of the conditioning that the nearest sampler wants, or the guider before it, or that a loader or encoder
 * on the way holds itself; else the prompt of a node that needs no sampler.
 */
function promptOf(graph: WireObject, nodes: readonly Node[]): string | null {
  const passed = new Set<string>();
  for (const { inputs } of nodes) {
    for (const [name, input] of Object.entries(inputs)) {
      const isPositive = positiveInput.test(name);
      if (!isPositive && name !== 'conditioning') continue;
      const source = linkOf(graph, input);
      // No way leads twice through where no words were found.
      const words =
        source === null ? (isPositive ? wordsOf([input]) : null) : wordsBehind(graph, source, passed);
      if (words !== null) return words;
    }
  }
  return (
    ownWords(graph, nodes, ({ inputs }) => inputs.prompt) ??
    ownWords(graph, nodes, ({ classType, inputs }) => (speaks.test(classType) ? inputs.text : undefined))
  );
}

function wordsBehind(graph: WireObject, source: string, passed: Set<string>): string | null {
  const sources = upstream(graph, [source], (input) => !notConditioning.test(input), passed);
  return wordsOf(
    sources.flatMap(({ inputs }) => {
      const isPopulated = plain(inputs.populated_text).trim() !== '';
      return Object.entries(inputs)
        .filter(([name]) => wordsInput.test(name) && !(isPopulated && name === 'wildcard_text'))
        .map(([, value]) => value);
    }),
  );
}

function ownWords(graph: WireObject, nodes: readonly Node[], wanted: (node: Node) => unknown): string | null {
  const passed = new Set<string>();
  for (const node of nodes) {
    const input = wanted(node);
    const source = linkOf(graph, input);
    const words = source === null ? wordsOf([input]) : wordsBehind(graph, source, passed);
    if (words !== null) return words;
  }
  return null;
}

function wordsOf(values: readonly unknown[]): string | null {
  const texts = values.flatMap((value) => textOf(value, maxPromptLength)?.trim() || []);
  return texts.length === 0 ? null : cutText([...new Set(texts)].slice(0, 20).join('\n'), maxPromptLength);
}
