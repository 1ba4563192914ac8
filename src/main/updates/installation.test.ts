import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type InstallationSigns, installationOf, isSignedForMac } from './installation.ts';

const linux: InstallationSigns = {
  isPackaged: true,
  isSignedForMac: false,
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
    ['mac-app', { platform: 'darwin' }, false, linux.execPath],
    ['mac-app', { platform: 'darwin', isSignedForMac: true }, true, linux.execPath],
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

  it.each([
    ['{"isSignedForMac":true}', true],
    ['{"isSignedForMac":false}', false],
    ['{"name":"comfy-monitor"}', false],
    ['', false],
  ])('is one of a signed app only if its package says so: %s', async (text, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'app-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    expect(isSignedForMac(folder)).toBe(false);
    await writeFile(join(folder, 'package.json'), text);
    expect(isSignedForMac(folder)).toBe(expected);
  });
});
