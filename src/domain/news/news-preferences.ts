import { z } from 'zod';
import type { ByteUnits } from '../text/format.ts';

/** A time of day as `HH:MM`, 24 hours. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** What the user wants native notifications of, and when. */
export const notificationPreferencesSchema = z.object({
  finished: z.boolean().default(true),
  failed: z.boolean().default(true),
  interrupted: z.boolean().default(false),
  /** The last waiting prompt of a server has ended. */
  queueEmpty: z.boolean().default(false),
  /** A server was lost for a while, or is back. */
  connection: z.boolean().default(false),
  /** A limit of `alerts` was passed. */
  alerts: z.boolean().default(true),
  /** Finished prompts that ran shorter than this (s) are not worth a word. */
  atLeastSeconds: z.number().min(0).max(86_400).default(0),
  /** Say nothing while the user looks at the window anyway. */
  notWhileFocused: z.boolean().default(false),
  /** Say nothing between two times of day; null for never. The end may lie on the next day. */
  quietHours: z.object({ from: timeOfDay, until: timeOfDay }).nullable().default(null),
  sound: z.boolean().default(true),
});
export type NotificationPreferences = z.infer<typeof notificationPreferencesSchema>;

/** Limits worth a warning; null for none. */
export const alertsSchema = z.object({
  gpuTemperatureC: z.number().min(40).max(120).nullable().default(90),
  /** Of a GPU's VRAM, 0–100. Null by default: many models fill it on purpose. */
  vramPercent: z.number().min(50).max(100).nullable().default(null),
});

/** What the user wants to hear of, with the units of memory that figures are given in. */
export interface NewsPreferences {
  notifications: NotificationPreferences;
  alerts: z.infer<typeof alertsSchema>;
  charts: { units: ByteUnits };
}
