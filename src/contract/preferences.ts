import { z } from 'zod';

/** A time of day as `HH:MM`, 24 hours. */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** When the user wants to be told of what, by native notifications. */
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
const alertsSchema = z.object({
  gpuTemperatureC: z.number().min(40).max(120).nullable().default(90),
  /** Of a GPU's VRAM, 0–100. Null by default: many models fill it on purpose. */
  vramPercent: z.number().min(50).max(100).nullable().default(null),
});

export const appearanceSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  compact: z.boolean().default(false),
});

const chartsSchema = z.object({
  window: z.enum(['5m', '15m', '1h', '24h']).default('5m'),
  /** Units of memory: GiB (1024³ bytes) or GB (1000³ bytes). */
  units: z.enum(['binary', 'decimal']).default('binary'),
});

const windowSchema = z.object({
  alwaysOnTop: z.boolean().default(false),
  /** Electron's notation, for example `CommandOrControl+Shift+M`; null for none. */
  shortcut: z.string().min(1).max(100).nullable().default(null),
  /** What draws the window from the next start on; `auto` leaves the GPU to a ComfyUI on this computer. */
  drawing: z.enum(['auto', 'processor', 'gpu']).default('auto'),
});

/** Everything that can be set besides the servers. Whatever a settings file lacks has a default. */
export const preferencesSchema = z.object({
  notifications: notificationPreferencesSchema.prefault({}),
  alerts: alertsSchema.prefault({}),
  appearance: appearanceSchema.prefault({}),
  charts: chartsSchema.prefault({}),
  window: windowSchema.prefault({}),
  /** Start the desktop app when the user logs in. */
  startAtLogin: z.boolean().default(false),
  /** Start at login in the tray only. */
  startHidden: z.boolean().default(false),
  /** Look for new versions of the desktop app, and fetch them. */
  updates: z.boolean().default(true),
  /** Downloaded copies of outputs are kept up to this size together, MiB. */
  cacheMebibytes: z.number().int().min(50).max(100_000).default(1_024),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const defaultPreferences: Preferences = preferencesSchema.parse({});

/**
 * Some groups of preferences, each complete: what a page asks to change. A group that is not mentioned
 * must not be filled with defaults.
 */
export const preferenceChangesSchema = z.object({
  notifications: notificationPreferencesSchema.optional(),
  alerts: alertsSchema.optional(),
  appearance: appearanceSchema.optional(),
  charts: chartsSchema.optional(),
  window: windowSchema.optional(),
  startAtLogin: z.boolean().optional(),
  startHidden: z.boolean().optional(),
  updates: z.boolean().optional(),
  cacheMebibytes: z.number().int().min(50).max(100_000).optional(),
});
export type PreferenceChanges = z.infer<typeof preferenceChangesSchema>;

/** The preferences with some groups replaced. */
export function changePreferences(preferences: Preferences, changes: PreferenceChanges): Preferences {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return preferencesSchema.parse({ ...preferences, ...Object.fromEntries(given) });
}
