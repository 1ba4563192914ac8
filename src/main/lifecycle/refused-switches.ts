import { app } from 'electron';

/**
 * Switches of Chromium that an installed app does not obey. A user who starts a program may do what they like, but
 * not through this one, which other programs trust: what it may do, in the name of its user, is its own.
 */
const refused: readonly string[] = [
  // They open the page, and its bridge to the files and commands of the user, to every program of this computer.
  'remote-debugging-port',
  'remote-debugging-address',
  'remote-debugging-pipe',
  'remote-allow-origins',
  // They run another program in the place of Chromium's own.
  'browser-subprocess-path',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'ppapi-plugin-launcher',
  'gpu-launcher',
  // They let pages and pictures of others into ours.
  'disable-web-security',
  'disable-site-isolation-trials',
  // New versions are fetched through Chromium: anyone on the way could send one.
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
];

/**
 * Takes these switches away before Chromium reads them, which it does after the app's own code has run
 * (`PreMainMessageLoopRun` in Electron 45); gives the names of those that were there. From its source the app
 * obeys them: developers need them. Others stay that weaken nothing of ours (`js-flags`, logs, proxies, which our
 * connections do not use), that Electron does not know (`load-extension`), or that systems need (`no-sandbox`,
 * `disable-gpu`).
 */
export function refuseSwitches(): string[] {
  if (!app.isPackaged) return [];
  const found = refused.filter((name) => app.commandLine.hasSwitch(name));
  for (const name of found) app.commandLine.removeSwitch(name);
  return found;
}
