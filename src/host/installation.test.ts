import { describe, expect, it } from 'vitest';
import { type InstallationSigns, installationOf } from './installation.ts';

const linux: InstallationSigns = {
  isPackaged: true,
  platform: 'linux',
  execPath: '/opt/Comfy Monitor/comfy-monitor',
  environment: {},
};
const mounted = '/tmp/.mount_ComfyX';
const image = { APPIMAGE: '/home/me/Comfy.AppImage', APPDIR: mounted };

describe('the installation', () => {
  it.each([
    ['development', { isPackaged: false }, false, linux.execPath],
    ['linux-package', {}, false, linux.execPath],
    [
      'appimage',
      { execPath: `${mounted}/comfy-monitor`, environment: image },
      true,
      '/home/me/Comfy.AppImage',
    ],
    ['mac-app', { platform: 'darwin' }, true, linux.execPath],
    ['windows-installer', { platform: 'win32' }, true, linux.execPath],
    [
      'windows-portable',
      { platform: 'win32', environment: { PORTABLE_EXECUTABLE_FILE: 'D:\\Comfy.exe' } },
      false,
      'D:\\Comfy.exe',
    ],
  ] as const)('is told apart: %s', (kind, signs, updatesItself, program) => {
    expect(installationOf({ ...linux, ...signs })).toEqual({ kind, updatesItself, program });
  });

  it('is a package even when it was started from an AppImage', () => {
    expect(installationOf({ ...linux, environment: image }).kind).toBe('linux-package');
  });
});
