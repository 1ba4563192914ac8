import { z } from 'zod';

/**
 * How a page is looked at: it cannot be seen (`hidden`), it is in sight while its user works elsewhere (`aside`), or it is
 * what the user works with (`focused`).
 */
export const attentionSchema = z.enum(['hidden', 'aside', 'focused']);
export type Attention = z.infer<typeof attentionSchema>;
