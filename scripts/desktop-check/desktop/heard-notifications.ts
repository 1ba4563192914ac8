import { z } from 'zod';
import type { BusMessage, SessionBus } from './session-bus.ts';

/** A notification as a program handed it to a Linux desktop. */
export interface HeardNotification {
  appName: string;
  title: string;
  body: string;
  /** The name or path of an icon; empty for none. */
  icon: string;
  /** Whether a picture came with it. */
  hasPicture: boolean;
  /** The words on its buttons. */
  buttons: string[];
}

const service = 'org.freedesktop.Notifications';

/** Whether anybody shows notifications here, or would be started for it. */
export async function showsNotifications(bus: SessionBus): Promise<boolean> {
  return (await bus.ownerOf(service)) !== null || (await bus.canStart(service));
}

/** Hears every notification from now on; gives what was heard so far, and what ends it. */
export async function hearNotifications(
  bus: SessionBus,
): Promise<{ heard: readonly HeardNotification[]; stop(): void }> {
  const heard: HeardNotification[] = [];
  const rule = `type='method_call',interface='${service}',member='Notify'`;
  const stop = await bus.listen([rule], (message) => {
    const notification = readNotification(message);
    if (notification) heard.push(notification);
  });
  return { heard, stop };
}

/** The arguments of `Notify`, in their order. */
const notifySchema = z.tuple([
  z.string(),
  z.number(),
  z.string(),
  z.string(),
  z.string(),
  z.array(z.string()),
  z.record(z.string(), z.unknown()),
  z.number(),
]);
/** The names of the picture through the versions of the protocol. */
const pictureHints = ['image-data', 'image_data', 'icon_data', 'image-path', 'image_path'];

/** Null for any other message. */
export function readNotification({ args }: BusMessage): HeardNotification | null {
  const read = notifySchema.safeParse(args);
  if (!read.success) return null;
  const [appName, , icon, title, body, actions, hints] = read.data;
  return {
    appName,
    title,
    body,
    icon,
    hasPicture: pictureHints.some((hint) => hint in hints),
    // Keys and words in turn; the one of the notification itself is no button.
    buttons: actions.filter((_word, index) => index % 2 === 1 && actions[index - 1] !== 'default'),
  };
}
