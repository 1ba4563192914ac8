import { copyFile, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changePreferences, defaultPreferences, type PreferenceChanges } from '../../contract/preferences.ts';
import { defaultSettings, maxServers, settingsVersion } from '../../contract/settings.ts';
import { openSettingsFile } from './settings-file.ts';

vi.mock('node:fs/promises', { spy: true });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
});
afterEach(async () => {
  vi.mocked(copyFile).mockReset();
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

  describe('of the second version', () => {
    /** As the app wrote it, with a limit of each kind. */
    const textOf = (limits: string) => `{
  "version": 2,
  "servers": [
    {
      "id": "studio",
      "name": "Studio",
      "color": "teal",
      "url": "http://studio:8188",
      "enabled": true,
      "authentication": { "kind": "none" },
      "certificate": null,
      "outputFolder": "/mnt/outputs",
      "demo": false
    }
  ],
  "preferences": {
    "notifications": {
      "finished": true,
      "failed": false,
      "interrupted": true,
      "queueEmpty": false,
      "connection": false,
      "alerts": true,
      "atLeastSeconds": 30,
      "notWhileFocused": false,
      "quietHours": { "from": "22:00", "until": "07:00" },
      "sound": false
    },
    "alerts": ${limits},
    "appearance": { "theme": "dark", "compact": true },
    "charts": { "window": "1h", "units": "decimal" },
    "window": { "alwaysOnTop": true, "shortcut": null, "drawing": "gpu" },
    "startAtLogin": true,
    "startHidden": true,
    "updates": false,
    "cacheMebibytes": 500
  }
}
`;
    const { alerts } = defaultPreferences;

    it.each<[string, string, Partial<typeof alerts>]>([
      ['the limit it came with', '{ "gpuTemperatureC": 90, "vramPercent": null }', {}],
      ['no limit', '{ "gpuTemperatureC": null, "vramPercent": null }', { hot: false }],
      [
        'limits of the user',
        '{ "gpuTemperatureC": 82.5, "vramPercent": 95 }',
        { gpuTemperatureC: 82.5, vramPercent: 95 },
      ],
      ['limits that are not there', '{}', {}],
    ])('with %s is read, and loses nothing else', async (_, text, expected) => {
      await writeFile(join(folder, 'settings.json'), textOf(text));
      const settings = await openSettingsFile(folder);
      expect(settings.notice).toBeNull();
      expect(settings.current).toEqual({
        version: settingsVersion,
        servers: [{ ...serverOfThen, outputFolder: '/mnt/outputs' }],
        preferences: {
          notifications: {
            finished: true,
            failed: false,
            interrupted: true,
            queueEmpty: false,
            connection: false,
            alerts: true,
            atLeastSeconds: 30,
            notWhileFocused: false,
            quietHours: { from: '22:00', until: '07:00' },
            sound: false,
          },
          alerts: { ...alerts, ...expected },
          appearance: { theme: 'dark', compact: true, language: 'system' },
          charts: { window: '1h', units: 'decimal' },
          window: { alwaysOnTop: true, shortcut: null, drawing: 'gpu' },
          startAtLogin: true,
          startHidden: true,
          updates: false,
          cacheMebibytes: 500,
        },
      });
      // Once taken on, it is what it is: 90 °C may be chosen now.
      await settings.update((current) => ({
        ...current,
        preferences: changePreferences(current.preferences, { alerts: { ...alerts, gpuTemperatureC: 90 } }),
      }));
      expect((await openSettingsFile(folder)).current.preferences.alerts.gpuTemperatureC).toBe(90);
    });

    it('with alerts that cannot be used costs these alone', async () => {
      await writeFile(
        join(folder, 'settings.json'),
        textOf('{ "gpuTemperatureC": "hot", "vramPercent": 95 }'),
      );
      const settings = await openSettingsFile(folder);
      expect(settings.notice?.why).toContain('Preference “alerts”: gpuTemperatureC');
      expect(settings.current.preferences).toMatchObject({ alerts, updates: false });
    });

    it('of which only one part is there is no less usable', async () => {
      await writeFile(join(folder, 'settings.json'), '{"version": 2, "servers": [], "preferences": {}}');
      const settings = await openSettingsFile(folder);
      expect(settings.notice).toBeNull();
      expect(settings.current.preferences).toEqual(defaultPreferences);
    });
  });

  it('of the first version with a limit is taken on twice', async () => {
    const first = '{"version": 1, "servers": [], "alerts": {"gpuTemperatureC": null}}';
    await writeFile(join(folder, 'settings.json'), first);
    expect((await openSettingsFile(folder)).current.preferences.alerts).toEqual({
      ...defaultPreferences.alerts,
      hot: false,
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

  it('applies what it holds now, and each change of that, until it is ended', async () => {
    const settings = await openSettingsFile(folder);
    const heard: boolean[] = [];
    const end = settings.follow(
      ({ preferences }) => preferences.updates,
      (updates) => heard.push(updates),
    );
    const change = (changes: PreferenceChanges) =>
      settings.update((current) => ({
        ...current,
        preferences: changePreferences(current.preferences, changes),
      }));
    await change({ startAtLogin: true });
    await change({ updates: false });
    end();
    await change({ updates: true });
    expect(heard).toEqual([true, false]);
  });

  it('compares what is picked by its content', async () => {
    const settings = await openSettingsFile(folder);
    let applied = 0;
    settings.follow(
      ({ preferences }) => preferences.window,
      () => {
        applied += 1;
      },
    );
    await settings.update((current) => ({ ...current }));
    expect(applied).toBe(1);
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

  describe('with entries that cannot be used', () => {
    const goodServer = { ...serverOfThen, outputFolder: null };
    const partly = (changes: object) =>
      JSON.stringify({
        version: settingsVersion,
        servers: [goodServer],
        preferences: { ...defaultPreferences, updates: false },
        ...changes,
      });
    const aside = 'settings.damaged-2026-03-04T05-06-07.json';
    const now = () => new Date('2026-03-04T05:06:07Z');
    const texts = async () =>
      Object.fromEntries(
        await Promise.all(
          (await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name), 'utf8')]),
        ),
      );

    it.each<[string, object, string]>([
      [
        'a server',
        { servers: [{ ...goodServer, id: 'x', name: 'Attic\u202e', color: 'plaid' }, goodServer] },
        'Server “Attic\ufffd”: color: Invalid option',
      ],
      ['a server without a name', { servers: [goodServer, 7] }, 'Server 2 of the list: Invalid input'],
      [
        'a group of preferences',
        { preferences: { ...defaultPreferences, updates: false, alerts: { vramPercent: 'full' } } },
        'Preference “alerts”: vramPercent: Invalid input',
      ],
      [
        'a preference',
        { preferences: { ...defaultPreferences, updates: false, cacheMebibytes: 1 } },
        'Preference “cacheMebibytes”: Too small',
      ],
    ])('keeps all others than %s, names it, and keeps the original', async (_, changes, why) => {
      const original = partly(changes);
      await writeFile(join(folder, 'settings.json'), original);
      const settings = await openSettingsFile(folder, now);
      const expected = {
        version: settingsVersion,
        servers: [goodServer],
        preferences: { ...defaultPreferences, updates: false },
      };
      expect(settings.current).toEqual(expected);
      expect(settings.notice?.what).toContain('One entry');
      expect(settings.notice?.why).toContain(why);
      expect(settings.notice?.next).toContain(aside);
      const { [aside]: kept, 'settings.json': written, ...others } = await texts();
      expect(kept).toBe(original);
      expect(JSON.parse(written)).toEqual(expected);
      expect(others).toEqual({});
      // Nothing is complained of twice.
      expect((await openSettingsFile(folder, now)).notice).toBeNull();
    });

    it('names a few of many, and shows no value', async () => {
      const secret = 'http://me:hunter2@studio';
      const bad = Array.from({ length: 30 }, (_, n) => ({ ...goodServer, name: `S${n}`, enabled: secret }));
      await writeFile(join(folder, 'settings.json'), partly({ servers: [...bad, goodServer] }));
      const { notice, current } = await openSettingsFile(folder, now);
      expect(current.servers).toEqual([goodServer]);
      expect(notice?.what).toContain('30 entries');
      expect(notice?.why).toMatch(/“S3”.* And 26 more\.$/);
      expect(JSON.stringify(notice)).not.toContain('hunter2');
    });

    it('watches the first of too many servers', async () => {
      const many = Array.from({ length: maxServers + 1 }, (_, n) => ({
        ...goodServer,
        id: `${n}`,
        name: `S${n}`,
      }));
      await writeFile(join(folder, 'settings.json'), partly({ servers: many }));
      const { notice, current } = await openSettingsFile(folder, now);
      expect(current.servers).toEqual(many.slice(0, maxServers));
      expect(notice?.why).toBe('Server “S50”: no more than 50 servers can be watched.');
    });

    it('replaces the original no sooner than a copy of it was made', async () => {
      const path = join(folder, 'settings.json');
      const original = partly({ servers: [goodServer, 7] });
      await writeFile(path, original);
      vi.mocked(copyFile).mockRejectedValueOnce(failure('EACCES')).mockRejectedValueOnce(failure('EACCES'));
      const settings = await openSettingsFile(folder, now);
      expect(settings.current.servers).toEqual([goodServer]);
      expect(settings.notice?.next).toContain('nothing is saved until a copy');
      expect(await texts()).toEqual({ 'settings.json': original });
      await settings.update((current) => current);
      expect(await texts()).toMatchObject({ [aside]: original });
      expect((await openSettingsFile(folder, now)).notice).toBeNull();
    });
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

  it('is read although another process holds it for a moment', async () => {
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
