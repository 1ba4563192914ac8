import { Notification } from 'electron';
import type { MonitorHost } from '../host/monitor-host.ts';
import { type FinishedNews, finishedNews, type JobNotification, tellNews } from '../shared/notifications.ts';

/** Tells of every prompt that ends, once; `onClick` hears which job the user wants to see. */
export function startNotifier(options: {
  host: MonitorHost;
  onClick: (serverId: string, promptId: string) => void;
  log: (line: string) => void;
}): void {
  if (!Notification.isSupported()) return;
  const { host } = options;
  // Held until they are gone: a notification that nobody holds loses its click.
  const shown = new Set<Notification>();

  let news: FinishedNews[] = [];
  let timed = false;

  host.onChange((after, before) => {
    const fresh = finishedNews(before, after, Date.now());
    if (fresh.length === 0 && news.length === 0) return;
    news = [...news, ...fresh];
    tell();
  });

  function tell(): void {
    const wanted = host.settings.current.preferences.notifications;
    const { told, waiting } = tellNews(news, host.store.getState(), wanted, Date.now());
    news = waiting;
    told.forEach(show);
    // What waits is told in time even if nothing else happens.
    if (waiting.length === 0 || timed) return;
    timed = true;
    setTimeout(() => {
      timed = false;
      tell();
    }, 250);
  }

  function show(about: JobNotification): void {
    const notification = new Notification({
      title: about.title,
      body: about.body,
      urgency: about.urgent ? 'critical' : 'normal',
    });
    shown.add(notification);
    notification.on('click', () => options.onClick(about.serverId, about.promptId));
    notification.on('close', () => shown.delete(notification));
    notification.on('failed', (_event, reason) => {
      shown.delete(notification);
      options.log(`a notification could not be shown: ${reason}`);
    });
    notification.show();
  }
}
