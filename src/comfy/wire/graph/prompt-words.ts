import { cutText, textOf, type WireObject } from '../wire-values.ts';
import { type Follow, type GraphNode, linkOf, upstream } from './graph-walk.ts';

/** What lies between conditioning and its text: everything but these leads elsewhere. */
const notConditioning =
  /^(model|clip|vae|images?|pixels|mask|latent|samples|control_net|lora_stack|clip_vision.*)$/i;
const negativeWay = /neg/i;
const positiveWay = /^pos/i;

/** Inputs that hold the wanted words wherever they stand: of loaders, encoders, nodes with everything in one. */
const positiveInput = /^(positive|pos)(_?(prompt|text|g|l|[1-9]))*$|^(text|prompt)_?(positive|pos)$/i;
const negativeInput = /^(negative|neg)(_?(prompt|text|g|l|[1-9]))*$|^(text|prompt)_?(negative|neg)$/i;
/** Inputs that hold words for people or models, where these are known to be the wanted ones. */
const wordsInput =
  /^(positive|pos|text|prompt|string|value|caption|clip_l|clip_g|t5xxl|llama|populated_text|wildcard_text|user_prompt|lyrics|tags)([_ ]?(positive|pos|prompt|text|string|g|l|\d{1,3})|_[a-f]){0,3}$/i;
/** What becomes sound or pixels without a sampler that we would know. */
const speaks = /tts|speech|voice|text_?encode|text_?to|song|music/i;
/** Makes of any conditioning one that says nothing. */
const silences = /zero_?out/i;

/**
 * The words of the conditioning that the nearest sampler wants, or the guider before it, or that a loader or encoder
 * on the way holds itself; else the prompt of a node that needs no sampler. Null if there are none; cut to `max`
 * characters.
 */
export function wantedWords(graph: WireObject, nodes: readonly GraphNode[], max: number): string | null {
  const follow: Follow = (input) => !notConditioning.test(input) && !negativeWay.test(input);
  const passed = new Set<string>();
  for (const { inputs } of nodes) {
    for (const [name, input] of Object.entries(inputs)) {
      const isPositive = positiveInput.test(name);
      if (!isPositive && name !== 'conditioning') continue;
      const source = linkOf(graph, input);
      // No way leads twice through where no words were found.
      const words =
        source === null
          ? isPositive
            ? wordsOf([input], max)
            : null
          : wordsOf(textsOf(upstream(graph, [source], follow, passed)), max);
      if (words !== null) return words;
    }
  }
  const ownWords = (wanted: (node: GraphNode) => unknown) => wordsHeld(graph, nodes, follow, wanted, max);
  return (
    ownWords(({ inputs }) => inputs.prompt) ??
    ownWords(({ classType, inputs }) => (speaks.test(classType) ? inputs.text : undefined))
  );
}

/** The words that the nearest sampler is to keep away from; null if it is given none. Cut to `max` characters. */
export function unwantedWords(graph: WireObject, nodes: readonly GraphNode[], max: number): string | null {
  const follow: Follow = (input) => !notConditioning.test(input) && !positiveWay.test(input);
  for (const { inputs } of nodes) {
    for (const [name, input] of Object.entries(inputs)) {
      if (!negativeInput.test(name)) continue;
      const source = linkOf(graph, input);
      if (source === null) {
        const words = wordsOf([input], max);
        if (words !== null) return words;
        continue;
      }
      const sources = upstream(graph, [source], follow);
      // The nearest one counts: others belong to earlier passes.
      if (sources.some(({ classType }) => silences.test(classType))) return null;
      return (
        wordsOf(
          textsOf(sources, (held) => negativeInput.test(held)),
          max,
        ) ??
        wordsOf(
          textsOf(sources, (held) => wordsInput.test(held) && !positiveInput.test(held)),
          max,
        )
      );
    }
  }
  return null;
}

function textsOf(
  sources: readonly GraphNode[],
  holdsWords: (input: string) => boolean = (input) => wordsInput.test(input),
): unknown[] {
  return sources.flatMap(({ inputs }) => {
    const isPopulated = typeof inputs.populated_text === 'string' && inputs.populated_text.trim() !== '';
    return Object.entries(inputs)
      .filter(([name]) => holdsWords(name) && !(isPopulated && name === 'wildcard_text'))
      .map(([, value]) => value);
  });
}

function wordsHeld(
  graph: WireObject,
  nodes: readonly GraphNode[],
  follow: Follow,
  wanted: (node: GraphNode) => unknown,
  max: number,
): string | null {
  const passed = new Set<string>();
  for (const node of nodes) {
    const input = wanted(node);
    const source = linkOf(graph, input);
    const words = wordsOf(
      source === null ? [input] : textsOf(upstream(graph, [source], follow, passed)),
      max,
    );
    if (words !== null) return words;
  }
  return null;
}

function wordsOf(values: readonly unknown[], max: number): string | null {
  const texts = values.flatMap((value) => textOf(value, max)?.trim() || []);
  return texts.length === 0 ? null : cutText([...new Set(texts)].slice(0, 20).join('\n'), max);
}
