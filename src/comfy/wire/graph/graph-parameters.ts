import type { JobParameters } from '../../../domain/jobs/job-parameters.ts';
import { digestOf } from '../../../domain/jobs/learnt/digest.ts';
import { isObject, numberOf, textOf, type WireObject } from '../wire-values.ts';
import {
  allNodes,
  type GraphNode,
  givenValue,
  isGraph,
  linkOf,
  nearestValue,
  upstream,
} from './graph-walk.ts';
import { unwantedWords, wantedWords } from './prompt-words.ts';

/** What a graph gives to the sampler that is nearest to the nodes it is seen from; words as long as was asked for. */
export interface GraphParameters extends Omit<JobParameters, 'positive' | 'negative' | 'amounts'> {
  positive: string | null;
  negative: string | null;
}

/** The longest name of a file, sampler or scheduler, characters. */
const maxNameLength = 300;
/** Of steps, frames, pixels in a row: with more, what is reckoned from them would mean nothing. */
const mostOfAnything = 1e6;
const maxModels = 3;
const maxLoras = 8;

const modelInputs = ['ckpt_name', 'unet_name', 'diffusion_model_name', 'base_ckpt_name'];
/** Names that other models are given under, too. */
const vagueModelInputs = ['model_name', 'model', 'model_path'];
const otherModels =
  /upscal|control|clip|vae|lora|detect|sam|segment|rembg|background|preview|vision|interpol|rife|adapter|depth|caption|florence|llm|face|style/i;
/** `lora_name`, `lora_01`, `lora_name_2`: a file, or `{on, lora}`. */
const loraInput = /^lora(_name)?(_?\d{1,2})?$/i;
const seedInputs = ['noise_seed', 'seed', 'seed_num', 'random_seed', 'rand_seed'];
const frameInputs = ['length', 'num_frames', 'video_frames', 'frames', 'frame_count', 'video_length'];
const batchInputs = ['batch_size', 'batch'];
const latentInput = /^(latent(_image|s|_samples)?|samples|image_embeds|optional_latent)$/i;
/** What leads from a latent to what is no part of it. */
const notLatent =
  /^(model|clip|vae|positive|negative|pos|neg|conditioning.*|guider|noise|sigmas|sampler|control_net|mask)$/i;
/** What colours, strengths and seeds are given does not change how long it takes. */
const amountInput =
  /width|height|size|steps?$|_step|frames|length|batch|scale|factor|multiplier|megapixels|resolution|side|amount|count|repeat|tile|radius|fps|rate|duration|seconds|denoise/i;
/** These have a size, but not that of the latent. */
const otherSize = /crop|control|mask|preview|tile|text|preprocess|^modelsampling/i;
/** By how much it enlarges is known to the file of its model alone. */
const enlargesByModel = /upscale.*model|^ultimatesdupscale/i;

const isSeed = (value: unknown): boolean => /^\d{1,20}$/.test(plain(value));
const isPositive = (value: unknown): boolean => {
  const number = numberOf(value) ?? 0;
  return number > 0 && number <= mostOfAnything;
};
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/**
 * Reads from a prompt graph what it makes its outputs with, as seen from these nodes (all, if none of them is in it):
 * what is nearest to them counts. `wordsLength` is the longest that words may be, characters. Null if it is no graph.
 */
export function graphParameters(
  graph: unknown,
  outputs: readonly string[],
  wordsLength: number,
): GraphParameters | null {
  if (!isGraph(graph)) return null;
  const known = outputs.filter((id) => Object.hasOwn(graph, id));
  const nodes = upstream(graph, known.length > 0 ? known : allNodes(graph));
  const seed = nearestValue(graph, nodes, seedInputs, isSeed);
  const positive = wantedWords(graph, nodes, wordsLength);
  const negative = unwantedWords(graph, nodes, wordsLength);
  return {
    models: modelsOf(graph, nodes),
    loras: lorasOf(nodes),
    ...shapeOf(graph, nodes),
    seed: seed === undefined ? null : plain(seed),
    steps: numberOf(nearestValue(graph, nodes, ['steps'], isPositive)),
    cfg: numberOf(nearestValue(graph, nodes, ['cfg', 'cfg_scale'], isPositive)),
    sampler: nameOf(nearestValue(graph, nodes, ['sampler_name'], isText)),
    scheduler: nameOf(nearestValue(graph, nodes, ['scheduler'], isText)),
    positive,
    negative: negative === positive ? null : negative,
  };
}

/**
 * A digest of the numbers of a graph that say how much is to be done (sizes, steps, frames, factors), as seen from these
 * nodes. Null if there are none.
 */
export function graphAmounts(graph: unknown, outputs: readonly string[]): number | null {
  if (!isGraph(graph)) return null;
  const known = outputs.filter((id) => Object.hasOwn(graph, id));
  let amounts: number | null = null;
  for (const { classType, inputs } of upstream(graph, known.length > 0 ? known : allNodes(graph))) {
    let ofNode = '';
    for (const name of Object.keys(inputs).sort()) {
      const value = inputs[name];
      if (typeof value === 'number' && amountInput.test(name)) ofNode += ` ${name} ${value}`;
    }
    // In whatever order the nodes are written down.
    if (ofNode !== '') amounts = ((amounts ?? 0) + digestOf(classType + ofNode)) >>> 0;
  }
  return amounts;
}

/** A whole number or text as text; empty for everything else, which may not be what it claims to be. */
function plain(value: unknown): string {
  return Number.isSafeInteger(value) || typeof value === 'string' ? String(value) : '';
}

function nameOf(value: unknown): string | null {
  return textOf(value, maxNameLength)?.trim() || null;
}

/** px */
const maxSide = 1_000_000;

/** The file without its folders. */
function fileOf(value: unknown): string | null {
  const name = nameOf(value);
  return name === null || name === 'None' ? null : (name.split(/[\\/]/).at(-1) ?? name);
}

function modelsOf(graph: WireObject, nodes: readonly GraphNode[]): string[] {
  const named = (names: readonly string[], where: readonly GraphNode[]): string[] => {
    const files = new Set<string>();
    for (const { inputs } of where) {
      for (const name of names) {
        if (!Object.hasOwn(inputs, name) || files.size >= maxModels) continue;
        const input = inputs[name];
        // Some choices come with a picture: `{content, image}`.
        const given = isObject(input) ? input.content : input;
        const file = fileOf(givenValue(graph, given, names, (value) => typeof value === 'string'));
        if (file !== null) files.add(file);
      }
    }
    return [...files];
  };
  const models = named(modelInputs, nodes);
  if (models.length > 0) return models;
  const others = nodes.filter(({ classType }) => !otherModels.test(classType));
  return named(vagueModelInputs, others);
}

function lorasOf(nodes: readonly GraphNode[]): string[] {
  const files = new Set<string>();
  for (const { inputs } of nodes) {
    for (const [name, input] of Object.entries(inputs)) {
      if (files.size >= maxLoras || !loraInput.test(name)) continue;
      const file = fileOf(isObject(input) ? (input.on === false ? null : input.lora) : input);
      if (file !== null) files.add(file);
    }
  }
  return [...files];
}

type Shape = Pick<GraphParameters, 'width' | 'height' | 'batch' | 'frames'>;

/** What the nearest sampler works on: the node that makes its latent says how large that is, and how many. */
function shapeOf(graph: WireObject, nodes: readonly GraphNode[]): Shape {
  const start = latentOf(graph, nodes);
  const way = start === null ? nodes : upstream(graph, [start], (input) => !notLatent.test(input));
  let factor = 1;
  let batch: number | null = null;
  for (const node of way) {
    const { classType, inputs } = node;
    if (enlargesByModel.test(classType)) factor = Number.NaN;
    const enlarged = numberOf(inputs.scale_by) ?? numberOf(inputs.upscale_by);
    if (enlarged !== null && enlarged > 0) factor *= enlarged;
    batch ??= countAt(graph, node, /repeat/i.test(classType) ? ['amount'] : batchInputs);
    const [width, height] = otherSize.test(classType)
      ? [null, null]
      : [countAt(graph, node, ['width']), countAt(graph, node, ['height'])];
    if (width === null || height === null) continue;
    const isKnown = width * factor <= maxSide && height * factor <= maxSide;
    return {
      width: isKnown ? Math.round(width * factor) : null,
      height: isKnown ? Math.round(height * factor) : null,
      batch,
      frames: countAt(graph, node, frameInputs),
    };
  }
  return { width: null, height: null, batch, frames: null };
}

/** The node that the nearest sampler has its latent of; null if there is none. */
function latentOf(graph: WireObject, nodes: readonly GraphNode[]): string | null {
  for (const { inputs } of nodes) {
    const isSampler = ['model', 'guider', 'positive'].some((name) => linkOf(graph, inputs[name]) !== null);
    if (!isSampler) continue;
    for (const [name, input] of Object.entries(inputs)) {
      const source = latentInput.test(name) ? linkOf(graph, input) : null;
      if (source !== null) return source;
    }
  }
  return null;
}

function countAt(graph: WireObject, { inputs }: GraphNode, names: readonly string[]): number | null {
  for (const name of names) {
    if (!Object.hasOwn(inputs, name)) continue;
    const count = numberOf(givenValue(graph, inputs[name], [name], isPositive));
    if (count !== null) return count;
  }
  return null;
}
