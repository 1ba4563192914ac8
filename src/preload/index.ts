import { contextBridge, ipcRenderer } from 'electron';
import { ipcChannels } from '../contract/bridge/ipc-channels.ts';

/** Names of the calls and pushes of the bridge; the build writes them here, as this script carries no validation library. */
declare const bridgeNames: { calls: readonly string[]; pushes: readonly string[] };

/**
 * The page's only way out of its sandbox: the named calls and pushes of the bridge. What they carry is
 * checked at both ends, by the page and by the main process.
 */
contextBridge.exposeInMainWorld('monitorBridge', {
  call(name: unknown, request: unknown): Promise<unknown> {
    if (!isOneOf(bridgeNames.calls, name)) return Promise.reject(new Error('not a call of the bridge'));
    return ipcRenderer.invoke(ipcChannels.call, name, request);
  },
  onPush(listener: (name: string, payload: unknown) => void): () => void {
    const deliver = (_event: unknown, name: unknown, payload: unknown): void => {
      if (isOneOf(bridgeNames.pushes, name)) listener(name, payload);
    };
    ipcRenderer.on(ipcChannels.push, deliver);
    return () => {
      ipcRenderer.off(ipcChannels.push, deliver);
    };
  },
});

function isOneOf(names: readonly string[], name: unknown): name is string {
  return typeof name === 'string' && names.includes(name);
}
