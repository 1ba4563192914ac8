/**
 * The names of everything that crosses between the page and its host. Kept apart from the schemas
 * (bridge.ts) so that the preload script can check names without carrying a validation library.
 */
export const callNames = [
  'getSnapshot',
  'setVisible',
  'retryConnection',
  'reconnectAll',
  'addServer',
  'changeServer',
  'moveServer',
  'testServer',
  'findServers',
  'chooseOutputFolder',
  'removeServer',
  'changePreferences',
  'pauseNotifications',
  'startDemo',
  'stopDemo',
  'openOutput',
  'revealOutput',
  'outputPath',
  'outputDetails',
  'outputWorkflow',
  'saveOutputAs',
  'copyOutputImage',
  'dragOutput',
  'openServerPage',
  'cancelDownload',
  'clearOutputCache',
  'interruptJob',
  'cancelJobs',
  'clearQueue',
  'freeMemory',
  'findCompanionPlace',
  'installCompanion',
  'dismissNotice',
  'restartToUpdate',
  'openLogs',
  'getDiagnostics',
  'getLicences',
  'followLog',
  'reportPageError',
  'setMiniMode',
] as const;
export type CallName = (typeof callNames)[number];

export const pushNames = [
  'events',
  'host',
  'notices',
  'preferences',
  'notificationsPaused',
  'showJob',
  'showSettings',
  'downloads',
] as const;
export type PushName = (typeof pushNames)[number];
