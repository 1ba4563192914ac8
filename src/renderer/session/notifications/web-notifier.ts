import { mediaUrl } from '../../../contract/media-url.ts';
import type { Announcement } from '../../../domain/news/announcement.ts';
import { followNews } from '../../../domain/news/follow-news.ts';
import { emptyLedger, promptLedgerSchema } from '../../../domain/news/prompt-ledger.ts';
import { hostNow } from '../../ui/clock.ts';
import { keepItem, keptItem } from '../../ui/kept-item.ts';
import type { PageSession } from '../page-session.ts';
import { currentPermission } from './permission.ts';
import { followTabFocus } from './tab-focus.ts';

const key = 'comfy-monitor.told-prompts';

/**
 * Where the host has no notifications of its own, the page shows the browser's: one tab of all that
 * are open, and the next one when that is closed.
 */
export function startWebNotifier(session: PageSession): void {
  const { page } = session;
  if (currentPermission() === 'absent') return;
  const stop = page.subscribe(({ host }) => {
    if (!host) return;
    stop();
    if (host.desktop?.notifies) return;
    const channel =
      typeof BroadcastChannel === 'function' ? new BroadcastChannel('comfy-monitor.focus') : null;
    const isFocused = followTabFocus(channel);
    whenAlone(() => tellNews(session, isFocused));
  });
}

/** Runs something in one tab only, until that is closed; then in another. */
function whenAlone(run: () => void): void {
  if (!('locks' in navigator)) {
    run();
    return;
  }
  void navigator.locks.request('comfy-monitor.notifications', () => {
    run();
    // The lock is held as long as this tab lives.
    return new Promise<never>(() => {});
  });
}

function tellNews({ monitor, page }: PageSession, isFocused: () => boolean): void {
  followNews({
    store: monitor,
    now: hostNow,
    wallNow: Date.now,
    preferences: () => page.getState().preferences,
    isFocused,
    pausedUntil: () => page.getState().notificationsPausedUntil,
    ledger: keptItem(key, promptLedgerSchema) ?? emptyLedger,
    keep: (ledger) => keepItem(key, ledger),
    tell: show,
    later(run, ms) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });

  function show({ title, body, tag, urgent, job, picture }: Announcement): void {
    if (currentPermission() !== 'granted') return;
    const { host, preferences } = page.getState();
    const notification = new Notification(title, {
      body,
      tag,
      requireInteraction: urgent,
      silent: !preferences.notifications.sound,
      ...(host && job && picture
        ? {
            icon: mediaUrl(
              host.mediaBase,
              job.serverId,
              { file: picture, promptId: job.promptId, at: null },
              'thumbnail',
            ),
          }
        : {}),
    });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
      if (job) page.setState({ wantedJob: { ...job } });
    });
  }
}
