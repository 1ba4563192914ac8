import { z } from 'zod';

/** A copy of an output that is on its way from a server. */
export const downloadSchema = z.object({
  id: z.string(),
  filename: z.string(),
  /** Bytes so far, and in all; null if the server does not say. */
  received: z.number(),
  total: z.number().nullable(),
});
export type Download = z.infer<typeof downloadSchema>;
