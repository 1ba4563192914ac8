import { Notification } from 'electron';
import type { MonitorHost } from '../host/monitor-host.ts';
import { type JobNotification, jobNotifications } from '../shared/notifications.ts';

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

  host.onChange((after, before) => {
    for (const about of jobNotifications(before, after, host.settings.current.notifications)) show(about);
  });

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
