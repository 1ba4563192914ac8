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
