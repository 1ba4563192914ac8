import { z } from 'zod';

/** Words of a prompt as far as they are kept. */
const promptWordsSchema = z.object({
  text: z.string(),
  /** Whether there is more of them than is kept. */
  isClipped: z.boolean(),
});
export type PromptWords = z.infer<typeof promptWordsSchema>;

/**
 * What the graph of a prompt gives to the sampler that is nearest to its outputs. Null, or an empty list, where the
 * graph does not say it in a way that we can read.
 */
export const jobParametersSchema = z.object({
  /** Files of checkpoints and diffusion models without their folders, the nearest to the outputs first. */
  models: z.array(z.string()),
  loras: z.array(z.string()),
  /** px, as it is sampled. */
  width: z.number().nullable(),
  height: z.number().nullable(),
  /** How many are made at once. */
  batch: z.number().nullable(),
  /** Of a video. */
  frames: z.number().nullable(),
  /** As text: seeds have more digits than numbers here. */
  seed: z.string().nullable(),
  steps: z.number().nullable(),
  cfg: z.number().nullable(),
  sampler: z.string().nullable(),
  scheduler: z.string().nullable(),
  /** The words that are wanted, and those that are not. */
  positive: promptWordsSchema.nullable(),
  negative: promptWordsSchema.nullable(),
  /** A digest of all numbers of the graph that say how much is to be done, also beside the sampler; null if it has none. */
  amounts: z.number().nullable(),
});
export type JobParameters = z.infer<typeof jobParametersSchema>;

/** The longest words that are kept of a job, characters. */
export const wordsKept = { positive: 500, negative: 300 } as const;
