import { z } from 'zod';
import { serverSchema } from '../domain/server.ts';
import { safeParse } from '../domain/text/safe-parse.ts';
import { defaultPreferences, preferencesSchema } from './preferences.ts';

/** Version of the settings file's layout; raised together with a migration. */
export const settingsVersion = 2;

/** Where ComfyUI listens unless told otherwise. */
export const defaultServerUrl = 'http://127.0.0.1:8188';

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

/** What became of a settings file: usable settings, or one sentence that says why not. */
export type SettingsReading = { ok: true; settings: Settings } | { ok: false; why: string };

/** Reads what a settings file holds, of this or an earlier version. */
export function readSettings(json: unknown): SettingsReading {
  const version = safeParse(z.object({ version: z.number() }), json).data?.version;
  if (version !== undefined && version > settingsVersion)
    return { ok: false, why: `It was written by a newer version of the app (layout ${version}).` };
  const checked = safeParse(settingsSchema, migrated(json, version));
  if (checked.success) return { ok: true, settings: checked.data };
  const issue = checked.error.issues[0];
  const where = issue?.path.join('.') || 'the whole file';
  return {
    ok: false,
    why: `It does not have the expected content (${where}: ${issue?.message ?? 'invalid'}).`,
  };
}

/** Version 1 had the few preferences there were beside the servers. */
const firstLayout = z.looseObject({ version: z.literal(1), servers: z.unknown() });

function migrated(json: unknown, version: number | undefined): unknown {
  if (version !== 1) return json;
  const first = safeParse(firstLayout, json);
  if (!first.success) return json;
  const { version: _version, servers, ...preferences } = first.data;
  return { version: 2, servers, preferences };
}
