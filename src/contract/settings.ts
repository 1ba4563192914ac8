import { z } from 'zod';
import { type Server, serverSchema } from '../domain/server.ts';
import { defaultServerUrl } from '../domain/server-address.ts';
import { clip } from '../domain/text/clip.ts';
import { plainText } from '../domain/text/plain-text.ts';
import { safeParse } from '../domain/text/safe-parse.ts';
import { t } from '../language/t.ts';
import { defaultPreferences, type Preferences, preferencesSchema } from './preferences.ts';

/** Version of the settings file's layout; raised together with a migration. */
export const settingsVersion = 3;

/** More servers than this are not remembered. */
export const maxServers = 50;

/** Everything the user can set, as stored in the settings file. */
export const settingsSchema = z.object({
  version: z.literal(settingsVersion),
  servers: z.array(serverSchema).max(maxServers),
  preferences: preferencesSchema,
});
export type Settings = z.infer<typeof settingsSchema>;

/** The settings of a first start: ComfyUI on this machine, notifications on. */
export const defaultSettings: Settings = {
  version: settingsVersion,
  servers: [
    {
      id: 'local',
      name: 'This computer',
      color: 'blue',
      url: defaultServerUrl,
      enabled: true,
      authentication: { kind: 'none' },
      certificate: null,
      outputFolder: null,
      demo: false,
    },
  ],
  preferences: defaultPreferences,
};

/**
 * What a settings file says: settings, with a sentence for each entry that could not be used and was left out, or one
 * sentence that says why nothing of it is usable.
 */
export type SettingsReading =
  | { ok: true; settings: Settings; leftOut: readonly string[] }
  | { ok: false; why: string };

/** Each entry of a settings file is read by itself: one that was damaged by hand does not cost the others. */
const layoutSchema = z.object({
  version: z.literal(settingsVersion),
  servers: z.array(z.unknown()),
  preferences: z.unknown(),
});

/** Reads what a settings file of this or an earlier version holds, entry by entry. Never throws. */
export function readSettings(json: unknown): SettingsReading {
  const layout = safeParse(layoutSchema, migrated(json));
  if (!layout.success)
    return { ok: false, why: t('host.settings.content', { issue: firstIssue(layout.error) }) };
  const servers = readServers(layout.data.servers);
  const preferences = readPreferences(layout.data.preferences);
  return {
    ok: true,
    settings: { version: settingsVersion, servers: servers.read, preferences: preferences.read },
    leftOut: [...servers.leftOut, ...preferences.leftOut],
  };
}

interface EntriesRead<T> {
  read: T;
  leftOut: string[];
}

function readServers(entries: readonly unknown[]): EntriesRead<Server[]> {
  const read: Server[] = [];
  const leftOut: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const checked = safeParse(serverSchema, entry);
    if (!checked.success)
      leftOut.push(
        t('host.settings.entry', { entry: serverLabel(entry, index), issue: firstIssue(checked.error) }),
      );
    else if (read.length >= maxServers)
      leftOut.push(t('host.settings.too_many', { entry: serverLabel(entry, index), count: maxServers }));
    else read.push(checked.data);
  }
  return { read, leftOut };
}

/** What a user knows a server by that could not be read: its name, or else its place in the list. */
function serverLabel(entry: unknown, index: number): string {
  const name = safeParse(z.object({ name: z.string().min(1) }), entry).data?.name;
  return name === undefined
    ? t('host.settings.server_number', { number: index + 1 })
    : t('host.settings.server_named', { name: clip(plainText(name), 60) });
}

/** A group that cannot be used takes its default, and so does one that is missing. */
function readPreferences(json: unknown): EntriesRead<Preferences> {
  const groups = safeParse(z.record(z.string(), z.unknown()), json);
  if (!groups.success)
    return {
      read: defaultPreferences,
      leftOut: [t('host.settings.all', { issue: firstIssue(groups.error) })],
    };
  const usable: Record<string, unknown> = {};
  const leftOut: string[] = [];
  for (const [name, schema] of Object.entries(preferencesSchema.shape)) {
    const checked = safeParse<unknown>(schema, groups.data[name]);
    if (checked.success) usable[name] = checked.data;
    else leftOut.push(t('host.settings.group', { name, issue: firstIssue(checked.error) }));
  }
  return { read: preferencesSchema.parse(usable), leftOut };
}

/** Where the first thing is wrong, and what; without what stands there, which may be secret. */
function firstIssue({ issues: [issue] }: z.ZodError): string {
  const message = (issue?.message ?? 'invalid').replace(/\.$/, '');
  const where = issue?.path.join('.');
  return clip(where ? `${where}: ${message}` : message, 200);
}

/** Takes what an earlier version wrote on to the present layout, one version after the other. */
function migrated(json: unknown): unknown {
  return fromSecond(fromFirst(json));
}

/** Version 1 had the few preferences there were beside the servers. */
const firstLayout = z.looseObject({ version: z.literal(1), servers: z.unknown() });

function fromFirst(json: unknown): unknown {
  const first = safeParse(firstLayout, json);
  if (!first.success) return json;
  const { version: _version, servers, ...preferences } = first.data;
  return { version: 2, servers, preferences };
}

const secondLayout = z.looseObject({ version: z.literal(2) });
const secondAlerts = z.looseObject({
  preferences: z.looseObject({ alerts: z.looseObject({ gpuTemperatureC: z.number().nullable() }) }),
});
/** Most files of version 2 have it because it was there, not because somebody chose it, °C. */
const secondDefaultLimit = 90;

/** Version 2 had one limit for all cards, null for no warning. Now each card's own holds where the user sets none. */
function fromSecond(json: unknown): unknown {
  const second = safeParse(secondLayout, json);
  if (!second.success) return json;
  const limited = safeParse(secondAlerts, second.data);
  if (!limited.success) return { ...second.data, version: 3 };
  const { preferences } = limited.data;
  const { gpuTemperatureC: limit } = preferences.alerts;
  const alerts = {
    ...preferences.alerts,
    hot: limit !== null,
    gpuTemperatureC: limit === secondDefaultLimit ? null : limit,
  };
  return { ...second.data, version: 3, preferences: { ...preferences, alerts } };
}
