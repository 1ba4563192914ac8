import type { HostInfo } from '../../contract/host-info.ts';

/** The parts of the settings, in their order. */
export const settingsSections = [
  { id: 'servers', title: 'Servers', icon: 'server' },
  { id: 'notifications', title: 'Notifications', icon: 'bell' },
  { id: 'alerts', title: 'Alerts', icon: 'alert' },
  { id: 'appearance', title: 'Appearance', icon: 'palette' },
  { id: 'charts', title: 'Charts', icon: 'chart' },
  { id: 'window', title: 'Start & window', icon: 'window' },
  { id: 'downloads', title: 'Downloads', icon: 'download' },
  { id: 'updates', title: 'Updates', icon: 'retry' },
  { id: 'about', title: 'About', icon: 'info' },
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
