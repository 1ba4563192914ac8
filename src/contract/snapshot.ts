import { z } from 'zod';
import { monitorEventSchema } from '../domain/monitor-event.ts';
import { monitorStateSchema } from '../domain/monitor-state.ts';
import { hostInfoSchema } from './host-info.ts';
import { noticeSchema } from './notice.ts';
import { preferencesSchema } from './preferences.ts';

/** The whole state after the event numbered `sequence`. */
export const snapshotSchema = z.object({
  sequence: z.number().int(),
  /** What the clock says by which all events and states are timed, ms since the epoch. */
  now: z.number(),
  state: monitorStateSchema,
  host: hostInfoSchema,
  notices: z.array(noticeSchema),
  preferences: preferencesSchema,
  /** No notifications before that, ms since the epoch; null when they are not paused. */
  notificationsPausedUntil: z.number().nullable(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/**
 * Consecutive events: `first` is the number of the first one, `last` of the last. A batch may leave out
 * events that a later one of the same batch replaces (preview frames), so the count can be smaller.
 */
export const eventBatchSchema = z.object({
  first: z.number().int(),
  last: z.number().int(),
  events: z.array(monitorEventSchema),
});
export type EventBatch = z.infer<typeof eventBatchSchema>;
