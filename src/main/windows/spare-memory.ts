import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { app } from 'electron';

/**
 * Keeps Chromium's network service within the main process on Linux: a process of its own takes 10 MB (measured with
 * Electron 22) for work that the app does not have. Its page comes from the main process, servers are reached by
 * Node; only new versions are fetched through it. To be called before the app is ready.
 */
export function spareNetworkProcess(): void {
  // A switch that is given twice counts once.
  if (process.platform !== 'linux' || app.commandLine.hasSwitch('enable-features')) return;
  app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');
}

/**
 * Gives memory back that is only kept for more work. An app in the tray has too little of it to ever do so by itself;
 * it takes some ms, once, when its window has gone.
 */
export function spareMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
