import { globalShortcut } from 'electron';
import type { MonitorHost } from '../../host/monitor-host.ts';
import { t } from '../../language/t.ts';

const noticeId = (accelerator: string): string => `shortcut ${accelerator}`;

/** Follows the shortcut that the user wants to show and hide the window with, from wherever. */
export function followGlobalShortcut(host: MonitorHost, onPress: () => void): { stop(): void } {
  let current: string | null = null;

  function adapt(wanted: string | null): void {
    stop();
    current = wanted;
    // On Wayland a shortcut that was given stays given (`Unregister` of Electron 45 knows nothing of those of the
    // portal), and its old keys would go on to show and hide the window.
    const press = (): void => {
      if (current === wanted) onPress();
    };
    if (wanted !== null && !register(wanted, press))
      host.notices.add({
        id: noticeId(wanted),
        level: 'warning',
        get what() {
          return t('host.shortcut', { shortcut: wanted });
        },
        get why() {
          return t('host.shortcut.why');
        },
        get next() {
          return t('host.shortcut.next');
        },
      });
  }

  function stop(): void {
    if (current === null) return;
    globalShortcut.unregister(current);
    host.notices.drop(noticeId(current));
    current = null;
  }

  host.settings.follow(({ preferences }) => preferences.window.shortcut, adapt);
  return { stop };
}

function register(accelerator: string, onPress: () => void): boolean {
  try {
    return globalShortcut.register(accelerator, onPress);
  } catch {
    // What is no accelerator at all is thrown back.
    return false;
  }
}
