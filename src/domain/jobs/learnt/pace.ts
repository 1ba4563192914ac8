import { z } from 'zod';

/** Far from where sums and products of some of them would be no numbers any more. */
export const measured = z.number().min(-1e50).max(1e50);

/**
 * One measured run of a node, in this order, as bytes count: how long it took (ms), how many steps it made in all its
 * passes (0: it reports none), how many its first pass had, how long it took before its first step (ms), how much it
 * was given (megapixels of all pictures; 0: not known), whether models were loaded in this run (1), a digest of the
 * model (0: not known), how many steps the prompt asked for (0: not known), and a digest of all that its graph says of
 * how much is to be done (0: not known).
 */
export const nodeSampleSchema = z.tuple([
  measured,
  measured,
  measured,
  measured,
  measured,
  measured,
  measured,
  measured,
  measured,
]);
export type NodeSample = z.infer<typeof nodeSampleSchema>;

/** Samples of one node or class that are kept, newest first: models, settings and machines change. */
export const maxSamples = 5;

/** What a run of a node is given to do. */
export interface Circumstances {
  /** Megapixels of all pictures; 0 where that is not known. */
  work: number;
  /** Whether models are loaded in this run. */
  cold: boolean;
  /** A digest of the model; 0 where it is not known. */
  model: number;
  /** How many steps the prompt asks its sampler for; 0 where that is not known. */
  asked: number;
  /** A digest of all that its graph says of how much is to be done; 0 where that is not known. */
  amounts: number;
}

/** How long a node usually takes. */
export interface NodeUsual {
  /** ms */
  took: number;
  /** Before the first step, ms. */
  lead: number;
  /** ms per step; null of nodes that report none. */
  perStep: number | null;
  /** In all passes. */
  steps: number;
  /** How many times the steps of its first pass that is. */
  passes: number;
  /** How many runs this comes from. */
  runs: number;
}

/** What the class of a node says of its time. */
export interface NodeTraits {
  /** Whether it takes longer for more pixels. */
  grows: boolean;
  /** Whether it makes the steps that the prompt asks for. */
  samples: boolean;
}

/** More pixels take less than as much longer: measured between linear and its square root. */
const growth = 0.85;

/** What the samples (newest first) say of a run under these circumstances; null if there are none. */
export function usualOf(
  samples: readonly NodeSample[],
  { work, cold, model, asked, amounts }: Circumstances,
  { grows, samples: isAsked }: NodeTraits,
): NodeUsual | null {
  // What matters most comes first; what no other of these tells, such as the size of a picture that is made larger, last.
  const chosen = [
    (sample: NodeSample) => model === 0 || sample[6] === model,
    (sample: NodeSample) => isLike(sample[4], work),
    (sample: NodeSample) => (sample[5] === 1) === cold,
    (sample: NodeSample) => amounts === 0 || sample[8] === amounts,
  ].reduce(preferring, samples);
  const [newest] = chosen;
  if (newest === undefined) return null;
  const scaled = (sample: NodeSample, ms: number): number =>
    grows && work > 0 && sample[4] > 0 && !isLike(sample[4], work) ? ms * (work / sample[4]) ** growth : ms;
  const [, stepsThen, firstMax, , , , , askedThen] = newest;
  const steps =
    isAsked && asked > 0 && askedThen > 0
      ? Math.max(1, Math.round((stepsThen * asked) / askedThen))
      : stepsThen;
  const runs = chosen.length;
  const passes = firstMax > 0 ? stepsThen / firstMax : 1;
  if (steps <= 0) {
    const took = recentMedian(chosen.map((sample) => scaled(sample, sample[0])));
    return { took, lead: 0, perStep: null, steps: 0, passes, runs };
  }
  const stepping = chosen.filter((sample) => sample[1] > 0);
  const lead = recentMedian(stepping.map((sample) => sample[3]));
  const perStep = recentMedian(
    stepping.map((sample) => scaled(sample, Math.max(0, sample[0] - sample[3])) / sample[1]),
  );
  return { took: lead + perStep * steps, lead, perStep, steps, passes, runs };
}

/**
 * The median of values (newest first) of which newer ones weigh more: one that is far off changes little, and two
 * that agree in something new are believed.
 */
export function recentMedian(values: readonly number[]): number {
  const weighed = values.map((value, age) => ({ value, weight: values.length + 1 - age }));
  const half = weighed.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let passed = 0;
  for (const { value, weight } of weighed.sort((a, b) => a.value - b.value)) {
    passed += weight;
    if (passed >= half) return value;
  }
  return 0;
}

function preferring(
  samples: readonly NodeSample[],
  fits: (sample: NodeSample) => boolean,
): readonly NodeSample[] {
  const fitting = samples.filter(fits);
  return fitting.length > 0 ? fitting : samples;
}

function isLike(one: number, other: number): boolean {
  return Math.abs(one - other) <= 0.05 * Math.max(one, other);
}
