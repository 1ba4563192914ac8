import { mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changePreferences, defaultPreferences } from '../../contract/preferences.ts';
import { defaultSettings, settingsVersion } from '../../contract/settings.ts';
import { openSettingsFile } from './settings-file.ts';

vi.mock('node:fs/promises', { spy: true });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
});
afterEach(async () => {
  vi.mocked(open).mockReset();
  vi.mocked(rename).mockReset();
  await rm(folder, { recursive: true });
});

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A server as versions before output folders stored it. */
const serverOfThen = {
  id: 'studio',
  name: 'Studio',
  color: 'teal',
  url: 'http://studio:8188',
  enabled: true,
  authentication: { kind: 'none' },
  certificate: null,
  demo: false,
};

describe('the settings file', () => {
  it('starts with the defaults and says nothing about it', async () => {
    const settings = await openSettingsFile(folder);
    expect(settings.current).toEqual(defaultSettings);
    expect(settings.notice).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is there again after a restart', async () => {
    const settings = await openSettingsFile(folder);
    await settings.update((current) => ({ ...current, servers: [] }));
    expect((await openSettingsFile(folder)).current.servers).toEqual([]);
  });

  it('of the first version is read, with defaults for what it does not know', async () => {
    const first = {
      version: 1,
      servers: [serverOfThen],
      notifications: { finished: false, failed: true },
      updates: false,
    };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(first));
    const settings = await openSettingsFile(folder);
    expect(settings.notice).toBeNull();
    expect(settings.current).toEqual({
      version: settingsVersion,
      servers: [{ ...serverOfThen, outputFolder: null }],
      preferences: {
        ...defaultPreferences,
        notifications: { ...defaultPreferences.notifications, finished: false },
        updates: false,
      },
    });
  });

  it('of a newer version is kept aside untouched', async () => {
    const newer = JSON.stringify({ version: settingsVersion + 1, everything: 'different' });
    await writeFile(join(folder, 'settings.json'), newer);
    const settings = await openSettingsFile(folder);
    expect(settings.notice?.why).toContain('newer version of the app');
    const [kept = ''] = await readdir(folder);
    expect(await readFile(join(folder, kept), 'utf8')).toBe(newer);
  });

  it('tells of changes until nobody wants to hear of them', async () => {
    const settings = await openSettingsFile(folder);
    const heard: boolean[][] = [];
    const end = settings.onChange((after, before) =>
      heard.push([before.preferences.updates, after.preferences.updates]),
    );
    const switchTo = (updates: boolean) =>
      settings.update((current) => ({
        ...current,
        preferences: changePreferences(current.preferences, { updates }),
      }));
    await switchTo(false);
    end();
    await switchTo(true);
    expect(heard).toEqual([[true, false]]);
  });

  it.each([
    ['cut off', '{"version": 1, "servers": [', 'not valid JSON'],
    ['of the wrong shape', '{"version": 1, "servers": "none"}', 'servers'],
    ['empty', '', 'not valid JSON'],
  ])('is kept aside with a dated name when it is %s', async (_, damaged, why) => {
    await writeFile(join(folder, 'settings.json'), damaged);
    const settings = await openSettingsFile(folder, () => new Date('2026-03-04T05:06:07Z'));
    expect(settings.current).toEqual(defaultSettings);
    expect(settings.notice?.why).toContain(why);
    expect(settings.notice?.next).toContain('settings.damaged-2026-03-04T05-06-07.json');
    expect(await readdir(folder)).toEqual(['settings.damaged-2026-03-04T05-06-07.json']);
    const kept = await readFile(join(folder, 'settings.damaged-2026-03-04T05-06-07.json'), 'utf8');
    expect(kept).toBe(damaged);
  });

  it('holds the last of many quick changes', async () => {
    const settings = await openSettingsFile(folder);
    const name = (text: string) =>
      settings.update((current) => ({
        ...current,
        servers: current.servers.map((server) => ({ ...server, name: text })),
      }));
    await Promise.all(['a', 'b', 'c'].map(name));
    expect((await openSettingsFile(folder)).current.servers[0]?.name).toBe('c');
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  it('is read although somebody else holds it for a moment', async () => {
    const first = await openSettingsFile(folder);
    await first.update((current) => ({ ...current, servers: [] }));
    vi.mocked(open).mockRejectedValueOnce(failure('EBUSY')).mockRejectedValueOnce(failure('EBUSY'));
    const settings = await openSettingsFile(folder);
    expect(settings.notice).toBeNull();
    expect(settings.current.servers).toEqual([]);
  });

  it('is never replaced while it can be neither used nor moved away', async () => {
    const path = join(folder, 'settings.json');
    await writeFile(path, 'precious');
    const off = (settings: typeof defaultSettings) => ({ ...settings, servers: [] });

    vi.mocked(rename).mockRejectedValueOnce(failure('EACCES'));
    const settings = await openSettingsFile(folder, () => new Date('2026-03-04T05:06:07Z'));
    expect(settings.notice?.next).toContain('nothing is saved until it can be moved');

    vi.mocked(rename).mockRejectedValueOnce(failure('EACCES'));
    await expect(settings.update(off)).rejects.toThrow('could not be moved');
    expect(await readFile(path, 'utf8')).toBe('precious');
    expect(settings.current.servers).toEqual([]);

    await settings.update(off);
    expect(await readFile(join(folder, 'settings.damaged-2026-03-04T05-06-07.json'), 'utf8')).toBe(
      'precious',
    );
    expect((await openSettingsFile(folder)).current.servers).toEqual([]);
  });
});
