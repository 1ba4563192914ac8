import { z } from 'zod';

/**
 * Something the host has to tell people that belongs to no server, for example damaged settings. Its texts are best
 * getters: it is said anew when another language is spoken.
 */
export const noticeSchema = z.object({
  id: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  what: z.string(),
  why: z.string().nullable(),
  next: z.string().nullable(),
  /** What a button does about it. */
  action: z.enum(['restart_to_update']).optional(),
});
export type Notice = z.infer<typeof noticeSchema>;
