/** What the app sends to the process that started it, once Electron is ready and the app itself has the say. */
export const signOfLife = 'comfy-monitor: running';
