import type { DesktopAbilities, HostInfo } from '../host-info.ts';

/** An installed desktop app, but for what is given. */
export function desktopHostWith(abilities: Partial<DesktopAbilities>): HostInfo {
  return {
    appVersion: '1.0.0',
    platform: 'linux',
    desktop: {
      notifies: true,
      keepsSecrets: true,
      startsAtLogin: true,
      findsUpdates: true,
      updatesItself: true,
      ownsShortcut: true,
      ...abilities,
    },
    mediaBase: 'media:',
  };
}

export const desktopHost = desktopHostWith({});
export const browserHost: HostInfo = { ...desktopHost, desktop: null };
