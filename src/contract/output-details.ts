import { z } from 'zod';

/** How opening an output went: shown in the system's viewer, or why not. */
export const openResultSchema = z.object({
  opened: z.boolean(),
  /** One sentence for people, when it was not opened; null if they decided so. */
  message: z.string().nullable(),
});
export type OpenResult = z.infer<typeof openResultSchema>;

/** How a file came about, read from what its saver embedded into it. Null: it does not say. */
export const promptParametersSchema = z.object({
  /** The node that saved it, by its title or class. */
  node: z.string().nullable(),
  /** As text: seeds have more digits than numbers here. */
  seed: z.string().nullable(),
  steps: z.number().nullable(),
  model: z.string().nullable(),
  /** The words of the positive prompt. */
  prompt: z.string().nullable(),
});
export type PromptParameters = z.infer<typeof promptParametersSchema>;

/**
 * Why it is not known how a file was made: it says nothing of it, or only its workflow; what it says cannot be read;
 * or it was not read to its end, because its format is not known, it is damaged, or too large.
 */
const untoldSchema = z.enum([
  'silent',
  'workflow-only',
  'unreadable',
  'unknown-format',
  'damaged',
  'too-large',
]);
export type Untold = z.infer<typeof untoldSchema>;

/** What there is to know about an executed file besides its looks. */
export const outputDetailsSchema = z.object({
  /** Size of the file. */
  bytes: z.number().nullable(),
  /** The beginning of a text file; null for everything else. */
  text: z.string().nullable(),
  parameters: promptParametersSchema.nullable(),
  /** Why there are no parameters; null if there are, or if they were not looked for. */
  untold: untoldSchema.nullable(),
});
export type OutputDetails = z.infer<typeof outputDetailsSchema>;
