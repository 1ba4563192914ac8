import type { HostInfo } from '../../contract/host-info.ts';

/** The parts of the settings, in their order. */
export const settingsSections = [
  { id: 'servers', title: 'settings.section.servers', icon: 'server' },
  { id: 'notifications', title: 'settings.section.notifications', icon: 'bell' },
  { id: 'alerts', title: 'settings.section.alerts', icon: 'alert' },
  { id: 'appearance', title: 'settings.section.appearance', icon: 'palette' },
  { id: 'charts', title: 'settings.section.charts', icon: 'chart' },
  { id: 'window', title: 'settings.section.window', icon: 'window' },
  { id: 'downloads', title: 'settings.section.downloads', icon: 'download' },
  { id: 'updates', title: 'settings.section.updates', icon: 'retry' },
  { id: 'about', title: 'settings.section.about', icon: 'info' },
] as const;

export type SettingsSection = (typeof settingsSections)[number]['id'];

/** The sections in which something can be set on this host; what it cannot do is not offered at all. */
export function usableSections({ desktop }: Pick<HostInfo, 'desktop'>) {
  const missing = new Set<SettingsSection>();
  // Windows, and when they appear, are the browser's business; so are files.
  if (!desktop) missing.add('window').add('downloads');
  if (!desktop?.findsUpdates) missing.add('updates');
  return settingsSections.filter(({ id }) => !missing.has(id));
}
