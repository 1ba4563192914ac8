import { z } from 'zod';
import { alertsSchema, notificationPreferencesSchema } from '../domain/news/news-preferences.ts';
import { languages } from '../language/languages.ts';

export const appearanceSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  compact: z.boolean().default(false),
  /** What the monitor speaks; `system` for what the system or the browser is set to. */
  language: z.enum(['system', ...languages]).default('system'),
});

const chartsSchema = z.object({
  window: z.enum(['5m', '15m', '30m', '1h', '6h', '24h', 'all']).default('5m'),
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

/** What can be set besides the servers, in groups that are each changed as a whole. */
const groups = {
  notifications: notificationPreferencesSchema,
  alerts: alertsSchema,
  appearance: appearanceSchema,
  charts: chartsSchema,
  window: windowSchema,
  /** Start the desktop app when the user logs in. */
  startAtLogin: z.boolean(),
  /** Start at login in the tray only. */
  startHidden: z.boolean(),
  /** Look for new versions of the desktop app, and fetch them. */
  updates: z.boolean(),
  /** Downloaded copies of outputs are kept up to this size together, MiB. */
  cacheMebibytes: z.number().int().min(50).max(100_000),
};

/** Everything that can be set besides the servers. Whatever a settings file lacks has a default. */
export const preferencesSchema = z.object({
  notifications: groups.notifications.prefault({}),
  alerts: groups.alerts.prefault({}),
  appearance: groups.appearance.prefault({}),
  charts: groups.charts.prefault({}),
  window: groups.window.prefault({}),
  startAtLogin: groups.startAtLogin.default(false),
  startHidden: groups.startHidden.default(false),
  updates: groups.updates.default(true),
  cacheMebibytes: groups.cacheMebibytes.default(1_024),
} satisfies Record<keyof typeof groups, z.ZodType>);
export type Preferences = z.infer<typeof preferencesSchema>;

export const defaultPreferences: Preferences = preferencesSchema.parse({});

/** Some groups, each complete: what a page asks to change. One that is not mentioned is not filled with defaults. */
export const preferenceChangesSchema = z.object(groups).partial();
export type PreferenceChanges = z.infer<typeof preferenceChangesSchema>;

/** The preferences with some groups replaced. */
export function changePreferences(preferences: Preferences, changes: PreferenceChanges): Preferences {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return preferencesSchema.parse({ ...preferences, ...Object.fromEntries(given) });
}
