import { contextBridge, ipcRenderer } from 'electron';
import { callNames, pushNames } from '../contract/bridge-names.ts';
import { ipcChannels } from '../contract/ipc-channels.ts';

/**
 * The page's only way out of its sandbox: the named calls and pushes of the bridge. What they carry is
 * checked at both ends, by the page and by the main process.
 */
contextBridge.exposeInMainWorld('monitorBridge', {
  call(name: unknown, request: unknown): Promise<unknown> {
    const known = callNames.find((candidate) => candidate === name);
    if (!known) return Promise.reject(new Error('not a call of the bridge'));
    return ipcRenderer.invoke(ipcChannels.call, known, request);
  },
  onPush(listener: (name: string, payload: unknown) => void): () => void {
    const deliver = (_event: unknown, name: unknown, payload: unknown): void => {
      const known = pushNames.find((candidate) => candidate === name);
      if (known) listener(known, payload);
    };
    ipcRenderer.on(ipcChannels.push, deliver);
    return () => {
      ipcRenderer.off(ipcChannels.push, deliver);
    };
  },
});
