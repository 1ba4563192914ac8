/** Electron IPC channels that carry the bridge between the preload script and the main process. */
export const ipcChannels = { call: 'bridge:call', push: 'bridge:push' } as const;
