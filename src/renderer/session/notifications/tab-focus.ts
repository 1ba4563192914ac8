import { z } from 'zod';

/** A channel between the tabs of one browser, as far as it is needed here. */
export type TabChannel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('who') }),
  z.object({ kind: z.literal('focus'), tab: z.string(), focused: z.boolean() }),
]);

/** Knows whether the user looks at any of our tabs, although each can only see itself. */
export function followTabFocus(channel: TabChannel | null): () => boolean {
  const tab = crypto.randomUUID();
  const focusedTabs = new Set<string>();
  const say = (focused: boolean): void => channel?.postMessage({ kind: 'focus', tab, focused });

  channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = messageSchema.safeParse(data).data;
    if (message?.kind === 'who') say(document.hasFocus());
    else if (message?.focused) focusedTabs.add(message.tab);
    else if (message) focusedTabs.delete(message.tab);
  });
  window.addEventListener('focus', () => say(true));
  window.addEventListener('blur', () => say(false));
  window.addEventListener('pagehide', () => say(false));
  channel?.postMessage({ kind: 'who' });
  say(document.hasFocus());
  return () => document.hasFocus() || focusedTabs.size > 0;
}
