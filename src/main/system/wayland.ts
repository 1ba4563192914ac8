import { app } from 'electron';

/**
 * Whether Chromium talks to a Wayland compositor. Since Electron 38 it does so by itself in a Wayland session,
 * unless `--ozone-platform=x11` asks for the X server in it.
 */
export function isOnWayland(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  if (platform !== 'linux') return false;
  const asked = app.commandLine.getSwitchValue('ozone-platform');
  if (asked !== '' && asked !== 'auto') return asked === 'wayland';
  return environment.XDG_SESSION_TYPE === 'wayland';
}
