import { z } from 'zod';
import { downloadSchema } from '../download.ts';
import { hostInfoSchema } from '../host-info.ts';
import { noticeSchema } from '../notice.ts';
import { preferencesSchema } from '../preferences.ts';
import { eventBatchSchema } from '../snapshot.ts';
import { nothing } from './nothing.ts';

/**
 * Everything that the host sends on its own. Names, types, the page's check and the list of the preload script follow
 * from this.
 */
const definitions = {
  events: eventBatchSchema,
  /** What this host can do now: the key store may open long after the page. */
  host: hostInfoSchema,
  /** All notices that hold now, replacing the earlier ones. */
  notices: z.array(noticeSchema),
  /** What the user has set, after every change. */
  preferences: preferencesSchema,
  /** Until when notifications are paused, ms since the epoch; null when they are not. */
  notificationsPaused: z.object({ until: z.number().nullable() }),
  /** The user asked for this job elsewhere (tray, notification): bring it into view. */
  showJob: z.object({ serverId: z.string().min(1).max(64), promptId: z.string().min(1).max(200) }),
  /** The user asked for the settings elsewhere: in the tray or the menu bar. */
  showSettings: nothing,
  /** The user asked for the wall mode elsewhere: in the tray or the menu bar. */
  showWall: nothing,
  /** The downloads that take their time, replacing the earlier ones. */
  downloads: z.array(downloadSchema),
} satisfies Record<string, z.ZodType>;

type Definitions = typeof definitions;
export type PushName = keyof Definitions;
type Payloads = { [N in PushName]: z.infer<Definitions[N]> };
export type PushPayload<N extends PushName> = Payloads[N];

/** What is checked of each push, by its name. */
export const pushes: { [N in PushName]: z.ZodType<Payloads[N]> } = definitions;

/** Whether there is a push of that name. */
export function isPush(name: unknown): name is PushName {
  return typeof name === 'string' && Object.hasOwn(pushes, name);
}
