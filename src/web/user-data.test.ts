import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { userDataDir } from './user-data.ts';

const on = (platform: NodeJS.Platform, environment: NodeJS.ProcessEnv = {}) =>
  userDataDir('Comfy Monitor', platform, environment, '/home/me');

describe('the folder for settings', () => {
  it('is the one that the desktop app uses on this system', () => {
    expect(on('linux')).toBe(join('/home/me', '.config', 'Comfy Monitor'));
    expect(on('darwin')).toBe(join('/home/me', 'Library', 'Application Support', 'Comfy Monitor'));
    expect(on('win32', { APPDATA: 'C:/Roaming' })).toBe(join('C:/Roaming', 'Comfy Monitor'));
    expect(on('win32')).toBe(join('/home/me', 'AppData', 'Roaming', 'Comfy Monitor'));
  });

  it('is where the user moved it', () => {
    expect(on('linux', { XDG_CONFIG_HOME: '/data/config' })).toBe(join('/data/config', 'Comfy Monitor'));
    expect(on('linux', { XDG_CONFIG_HOME: '' })).toBe(join('/home/me', '.config', 'Comfy Monitor'));
  });
});
