import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../shared/settings.ts';
import { openSettingsFile } from './settings-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

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

  it('of an older version is read, with defaults for what it does not know', async () => {
    const { updates, startAtLogin, startHidden, ...older } = defaultSettings;
    await writeFile(join(folder, 'settings.json'), JSON.stringify({ ...older, servers: [] }));
    const settings = await openSettingsFile(folder);
    expect(settings.notice).toBeNull();
    expect(settings.current).toEqual({ ...older, servers: [], updates, startAtLogin, startHidden });
  });

  it('tells of changes until nobody wants to hear of them', async () => {
    const settings = await openSettingsFile(folder);
    const heard: boolean[][] = [];
    const end = settings.onChange((after, before) => heard.push([before.updates, after.updates]));
    await settings.update((current) => ({ ...current, updates: false }));
    end();
    await settings.update((current) => ({ ...current, updates: true }));
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
});
