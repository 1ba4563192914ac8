import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultSettings, type Settings } from '../../contract/settings.ts';
import { drawsWithProcessor, settingsOnDisk } from './drawing.ts';

type Drawing = Settings['preferences']['window']['drawing'];

function settings(drawing: Drawing, ...urls: string[]): Settings {
  const [server] = defaultSettings.servers;
  if (!server) throw new Error('no server to start from');
  const { preferences } = defaultSettings;
  return {
    ...defaultSettings,
    servers: urls.map((url) => ({ ...server, url })),
    preferences: { ...preferences, window: { ...preferences.window, drawing } },
  };
}
const here = 'http://127.0.0.1:8188';
const there = 'https://gpu.example.org/comfy';

describe('the processor draws', () => {
  it.each([
    [true, 'auto', [here], [], 'linux'],
    [true, 'auto', [there, 'http://localhost:8000'], [], 'win32'],
    [false, 'auto', [there], [], 'linux'],
    [false, 'auto', [here], [there], 'linux'],
    [true, 'auto', [there], ['http://[::1]:8188'], 'linux'],
    // One memory for both, and windows of many pixels.
    [false, 'auto', [here], [], 'darwin'],
    [true, 'processor', [there], [], 'darwin'],
    [false, 'gpu', [here], [], 'linux'],
  ] as const)(
    '%s: set to %s, with %j saved and %j asked for, on %s',
    (expected, drawing, saved, asked, on) => {
      expect(drawsWithProcessor(settings(drawing, ...saved), asked, on)).toBe(expected);
    },
  );

  it('for no server that is switched off', () => {
    const { servers, ...rest } = settings('auto', here);
    const off = { ...rest, servers: servers.map((server) => ({ ...server, enabled: false })) };
    expect(drawsWithProcessor(off, [], 'linux')).toBe(false);
  });
});

it('settings that cannot be used yet are the defaults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawing-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(settingsOnDisk(folder)).toEqual(defaultSettings);
  writeFileSync(join(folder, 'settings.json'), '{ damaged');
  expect(settingsOnDisk(folder)).toEqual(defaultSettings);
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings('gpu', there)));
  expect(settingsOnDisk(folder)).toEqual(settings('gpu', there));
});
