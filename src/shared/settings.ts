import { z } from 'zod';
import { serverSchema } from './server.ts';

/** Version of the settings file's layout; raised together with a migration. */
export const settingsVersion = 1;

/** Where ComfyUI listens unless told otherwise. */
export const defaultServerUrl = 'http://127.0.0.1:8188';

/** More servers than this are not remembered. */
export const maxServers = 50;

/** Everything the user can set, as stored in the settings file. */
export const settingsSchema = z.object({
  version: z.literal(settingsVersion),
  servers: z.array(serverSchema).max(maxServers),
  notifications: z.object({ finished: z.boolean(), failed: z.boolean() }),
  // Younger than the first settings files, which must stay readable.
  /** Look for new versions of the desktop app, and fetch them. */
  updates: z.boolean().default(true),
  /** Start the desktop app when the user logs in. */
  startAtLogin: z.boolean().default(false),
  /** Start at login in the tray only. */
  startHidden: z.boolean().default(false),
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
      demo: false,
    },
  ],
  notifications: { finished: true, failed: true },
  updates: true,
  startAtLogin: false,
  startHidden: false,
};
