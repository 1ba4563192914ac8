import { type JobParameters, type PromptWords, wordsKept } from '../../../domain/jobs/job-parameters.ts';
import { cutText, idsOf } from '../wire-values.ts';
import { type GraphParameters, graphAmounts, graphParameters } from './graph-parameters.ts';

/** Characters of the wanted words in a long queue. */
const shortWords = 160;
/** The longest name of a file, characters. */
const maxNameLength = 120;
const maxOutputs = 1_000;

/** What a job is told of its graph; null if that says nothing of it, or is none. `outputs` are the ids of the nodes that were asked for. */
export function jobParameters(graph: unknown, outputs: unknown): JobParameters | null {
  const asked = idsOf(outputs, maxOutputs);
  const given = graphParameters(graph, asked, 4 * wordsKept.positive);
  const amounts = graphAmounts(graph, asked);
  if (given === null || (amounts === null && Object.values(given).every(isNothing))) return null;
  return {
    ...given,
    amounts,
    models: given.models.map(nameOf),
    loras: given.loras.map(nameOf),
    sampler: given.sampler && nameOf(given.sampler),
    scheduler: given.scheduler && nameOf(given.scheduler),
    positive: wordsOf(given.positive, wordsKept.positive),
    negative: wordsOf(given.negative, wordsKept.negative),
  };
}

/** The same with as many words as say what it is about, for a long queue. */
export function withShortWords(parameters: JobParameters): JobParameters {
  const { positive } = parameters;
  const isShort = positive === null || positive.text.length <= shortWords;
  return {
    ...parameters,
    positive: isShort ? positive : { text: cutText(positive.text, shortWords), isClipped: true },
    negative: null,
  };
}

function isNothing(value: GraphParameters[keyof GraphParameters]): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function nameOf(name: string): string {
  return cutText(name, maxNameLength);
}

function wordsOf(text: string | null, max: number): PromptWords | null {
  return text === null ? null : { text: cutText(text, max), isClipped: text.length > max };
}
