import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the browser host keeps settings and caches: the folder that Electron's
 * `app.getPath('userData')` names for the desktop app, so that both see the same settings.
 */
export function userDataDir(
  appName: string,
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  if (platform === 'win32') return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), appName);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', appName);
  return join(environment.XDG_CONFIG_HOME || join(home, '.config'), appName);
}
