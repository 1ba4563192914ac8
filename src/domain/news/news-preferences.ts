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
  /** Anything of `alerts`. */
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

/** What is worth a warning. Nearly full VRAM is not by default: ComfyUI fills it on purpose. */
export const alertsSchema = z.object({
  /** A prompt failed because memory ran out; told also where failures are not. */
  outOfMemory: z.boolean().default(true),
  /** What ComfyUI holds does not fit the VRAM, so the driver moved a part into RAM. */
  spilled: z.boolean().default(true),
  /** Slowed down for a minute, by anything but its power limit. */
  throttled: z.boolean().default(true),
  /** Hotter than the limit: the user's own in °C, or that of the card where it is null. */
  hot: z.boolean().default(true),
  gpuTemperatureC: z.number().min(40).max(120).nullable().default(null),
  /** The disk of the outputs is nearly full. */
  diskFull: z.boolean().default(true),
  /** A GPU that ComfyUI computes on is not found any more. */
  gpuLost: z.boolean().default(true),
  /** More than this of a GPU's VRAM is in use, 0–100; null for no limit. */
  vramPercent: z.number().min(50).max(100).nullable().default(null),
});
export type Alerts = z.infer<typeof alertsSchema>;

/** What the user wants to hear of, with the units of memory that figures are given in. */
export interface NewsPreferences {
  notifications: NotificationPreferences;
  alerts: Alerts;
  charts: { units: ByteUnits };
}
