import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Monitors } from '../../comfy/monitors.ts';
import { closedAddress, startPlainServer } from '../../comfy/testing/plain-server.ts';
import type { Notice } from '../../contract/notice.ts';
import type { ServerDetails } from '../../contract/server-details.ts';
import { maxServers } from '../../contract/settings.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import type { Authentication } from '../../domain/server.ts';
import { createMonitorStore } from '../../domain/store.ts';
import { type KeyStore, openSecretVault } from '../storage/secret-vault.ts';
import { openSettingsFile } from '../storage/settings-file.ts';
import { brokenKeyStore, mirrorKeyStore } from '../testing/mirror-key-store.ts';
import { openServerBook, type ServerBook } from './server-book.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'book-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** A book with nothing in it, and all that it tells and stores. */
async function openBook({
  keyStore = async () => mirrorKeyStore(),
  userDataDir = folder,
  keep = false,
  chosen = null,
}: {
  /** The folder that the user chooses; null cancels. */
  chosen?: string | null;
  keyStore?: () => Promise<KeyStore>;
  /** What an earlier book saved is still there. */
  keep?: boolean;
  userDataDir?: string;
} = {}) {
  const settings = await openSettingsFile(userDataDir);
  if (userDataDir === folder && !keep) await settings.update((current) => ({ ...current, servers: [] }));
  const store = createMonitorStore();
  const events: MonitorEvent[] = [];
  const lines: string[] = [];
  const notices: Notice[] = [];
  const emit = (event: MonitorEvent) => {
    store.apply([event]);
    events.push(event);
  };
  const log = (line: string) => lines.push(line);
  const addNotice = (notice: Notice) => notices.push(notice);
  const vault = await openSecretVault({
    userDataDir,
    openKeyStore: keyStore,
    onOpened: () => {},
    onRead: () => {},
    addNotice,
    log,
  });
  const viewer = { chooseFolder: async () => chosen };
  const book: ServerBook = openServerBook({
    store,
    emit,
    monitors: () => monitors,
    settings,
    vault,
    viewer,
    addNotice,
    log,
  });
  const monitors = new Monitors({ accessTo: book.accessTo, emit, log });
  onTestFinished(() => monitors.stop());
  const saved = async () => (await openSettingsFile(userDataDir)).current.servers;
  const watched = () => store.getState().servers.map(({ server }) => server);
  /** Adds a server on which nothing listens; these tests are about the list. */
  const add = async (name: string, details?: ServerDetails) =>
    (await book.calls.addServer({ url: await closedAddress(), name, details })).serverId;
  return { book, vault, store, events, lines, notices, saved, watched, add };
}

function login(secret: string | null, authentication: ServerDetails['authentication'] = { kind: 'bearer' }) {
  return {
    color: null,
    authentication,
    secret,
    certificate: null,
    outputFolder: null,
  } satisfies ServerDetails;
}

describe('a server that is saved but not watched in this run', () => {
  it('is the same one when it is added again, however its address is spelt', async () => {
    const first = await openBook();
    const { serverId } = await first.book.calls.addServer({
      url: '127.0.0.1:8199',
      name: 'Mine',
      details: login('SECRET'),
    });
    const later = await openBook({ keep: true });
    expect(await later.book.calls.addServer({ url: 'localhost:8199', name: null })).toEqual({ serverId });
    expect(later.watched()).toMatchObject([
      { id: serverId, name: 'Mine', authentication: { kind: 'bearer' } },
    ]);
    await later.vault.read([serverId]);
    expect(later.vault.get(serverId)).toBe('SECRET');
    expect(await later.saved()).toHaveLength(1);
    await expect(later.book.calls.addServer({ url: 'http://127.0.0.1:8199', name: null })).rejects.toThrow(
      'already watched as “Mine”',
    );
  });

  it('keeps its colour to itself', async () => {
    const first = await openBook();
    await first.add('Mine');
    const later = await openBook({ keep: true });
    await later.add('Other');
    expect(later.watched()).toMatchObject([{ name: 'Other', color: 'green' }]);
  });
});

describe('a secret', () => {
  it('is gone from the disk at once with its server, its login or its address, while the key store is locked', async () => {
    const first = await openBook();
    const ids = [];
    for (const name of ['removed', 'without', 'moved', 'other kind', 'kept'])
      ids.push(await first.add(name, login(name)));
    const stored = async () =>
      Object.keys(JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')).secrets);
    expect(await stored()).toEqual(ids);

    const locked = await openBook({ keep: true, keyStore: () => new Promise(() => {}) });
    for (const server of await locked.saved()) locked.book.watch(server);
    const [removed = '', without = '', moved = '', other = '', kept = ''] = ids;
    await locked.book.remove(removed);
    await locked.book.calls.changeServer({ serverId: without, details: login(null, { kind: 'none' }) });
    await locked.book.calls.changeServer({ serverId: moved, url: await closedAddress() });
    await locked.book.calls.changeServer({
      serverId: other,
      details: login(null, { kind: 'basic', user: 'me' }),
    });
    await locked.book.calls.changeServer({ serverId: kept, name: 'Renamed', details: login(null) });
    expect(await stored()).toEqual([kept]);
  });

  it('of a server of this run alone is not written down', async () => {
    const { book, vault } = await openBook();
    const serverId = book.watchAddress(await closedAddress());
    await book.calls.changeServer({ serverId, details: login('SECRET') });
    expect(vault.get(serverId)).toBe('SECRET');
    await expect(readFile(join(folder, 'secrets.json'), 'utf8')).rejects.toThrow('ENOENT');
  });

  it('is not used for another kind of login', async () => {
    const { book, vault, add } = await openBook();
    const serverId = await add('One', login('SECRET', { kind: 'basic', user: 'me' }));
    await book.calls.changeServer({ serverId, details: login(null, { kind: 'bearer' }) });
    expect(vault.get(serverId)).toBeNull();
  });
});

describe('the output folder of a server', () => {
  const at = (outputFolder: string | null) => ({ ...login(null, { kind: 'none' }), outputFolder });

  it('is one that the user chose, and is remembered', async () => {
    const { book, saved, add } = await openBook({ chosen: '/mnt/studio/output' });
    const { path } = await book.calls.chooseOutputFolder({ current: null });
    const serverId = await add('Studio', at(path));
    expect(await saved()).toMatchObject([{ id: serverId, outputFolder: '/mnt/studio/output' }]);

    const later = await openBook({ keep: true });
    for (const server of await later.saved()) later.book.watch(server);
    await later.book.calls.changeServer({ serverId, name: 'Other', details: at('/mnt/studio/output') });
    expect(await later.saved()).toMatchObject([{ name: 'Other', outputFolder: '/mnt/studio/output' }]);
    await later.book.calls.changeServer({ serverId, details: at(null) });
    expect(await later.saved()).toMatchObject([{ outputFolder: null }]);
  });

  it('is nothing that a page could make up', async () => {
    const { book, saved, watched, add } = await openBook();
    expect(await book.calls.chooseOutputFolder({ current: null })).toEqual({ path: null });
    await expect(add('Evil', at('/home'))).rejects.toThrow('Choose the output folder again');
    expect([await saved(), watched()]).toEqual([[], []]);
    const serverId = await add('Honest');
    await expect(
      book.calls.changeServer({ serverId, details: { ...at('/home'), secret: 'x' } }),
    ).rejects.toThrow('Choose the output folder again');
    expect(await saved()).toMatchObject([{ name: 'Honest', outputFolder: null }]);
  });
});

describe('adding a server', () => {
  it('watches and remembers it, under its address and in a colour of its own unless told otherwise', async () => {
    const { book, saved, watched } = await openBook();
    await book.calls.addServer({ url: 'gpu-box.invalid', name: null });
    await book.calls.addServer({ url: 'https://gpu-box.invalid/comfy/', name: '  Second  ' });
    expect(watched()).toMatchObject([
      {
        name: 'gpu-box.invalid:8188',
        url: 'http://gpu-box.invalid:8188',
        color: 'blue',
        enabled: true,
        demo: false,
      },
      { name: 'Second', url: 'https://gpu-box.invalid/comfy', color: 'green' },
    ]);
    expect(await saved()).toEqual(watched());
  });

  it('tells servers of one host apart by their paths', async () => {
    const { book, watched } = await openBook();
    await book.calls.addServer({ url: 'https://gpu-box.invalid/first/', name: null });
    await book.calls.addServer({ url: 'https://gpu-box.invalid/second', name: null });
    expect(watched().map(({ name }) => name)).toEqual(['gpu-box.invalid/first', 'gpu-box.invalid/second']);
  });

  it('names it by the beginning of its address if that is very long', async () => {
    const { book, saved } = await openBook();
    const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.invalid`;
    await book.calls.addServer({ url: `https://${host}`, name: null });
    expect(await saved()).toMatchObject([{ name: host.slice(0, 80), url: `https://${host}` }]);
  });

  it('is refused for an address that is none, with a sentence', async () => {
    const { book, events } = await openBook();
    await expect(book.calls.addServer({ url: 'two words', name: null })).rejects.toThrow(
      '“two words” is not a server address.',
    );
    await expect(book.calls.addServer({ url: 'http://me:pw@host', name: null })).rejects.toThrow(
      'Leave the user name',
    );
    expect(events).toEqual([]);
  });

  it('is refused for an address that is watched already, however it is spelt', async () => {
    const { book, watched } = await openBook();
    await book.calls.addServer({ url: 'http://gpu-box.invalid:8188', name: 'Big one' });
    for (const url of [
      'gpu-box.invalid',
      'ws://GPU-Box.invalid:8188/ws?clientId=1',
      'http://gpu-box.invalid:8188/',
    ])
      await expect(book.calls.addServer({ url, name: null })).rejects.toThrow(
        'is already watched as “Big one”',
      );
    expect(watched()).toHaveLength(1);
  });

  it('is refused, before anything happens, when there are too many', async () => {
    const { book, watched } = await openBook();
    for (let n = 0; n < maxServers; n += 1)
      await book.calls.addServer({ url: `http://host${n}.invalid`, name: `${n}` });
    await expect(book.calls.addServer({ url: 'http://one-more.invalid', name: null })).rejects.toThrow(
      `No more than ${maxServers} servers`,
    );
    expect(watched()).toHaveLength(maxServers);
  });

  it('holds for this run when it cannot be remembered, and that is said', async () => {
    await writeFile(join(folder, 'file'), '');
    const { book, watched, notices } = await openBook({ userDataDir: join(folder, 'file') });
    const { serverId } = await book.calls.addServer({ url: 'gpu-box.invalid', name: 'Big one' });
    expect(watched()).toMatchObject([{ id: serverId }]);
    expect(notices).toMatchObject([
      {
        level: 'warning',
        what: 'Big one was added, but not all of it could be stored.',
        why: expect.stringContaining('The change holds until the monitor is closed'),
      },
    ]);
  });
});

describe('changing a server', () => {
  it('leaves what is not mentioned as it is', async () => {
    const { book, add, watched, saved } = await openBook();
    const serverId = await add('One', login('s'));
    const [before] = watched();
    await book.calls.changeServer({ serverId, enabled: false });
    expect(watched()).toEqual([{ ...before, enabled: false }]);
    await book.calls.changeServer({ serverId, name: 'Other' });
    expect(watched()).toEqual([{ ...before, enabled: false, name: 'Other' }]);
    await book.calls.changeServer({ serverId, url: 'http://elsewhere.invalid' });
    expect(watched()).toEqual([
      { ...before, enabled: false, name: 'Other', url: 'http://elsewhere.invalid' },
    ]);
    expect(await saved()).toEqual(watched());
  });

  it('is refused for an address of another server, but not for its own', async () => {
    const { book, add, watched } = await openBook();
    const [one, two] = [await add('One'), await add('Two')];
    const url = watched()[0]?.url ?? '';
    await expect(book.calls.changeServer({ serverId: two, url })).rejects.toThrow('already watched as “One”');
    await book.calls.changeServer({ serverId: one, url });
    await expect(book.calls.changeServer({ serverId: 'gone', name: 'x' })).rejects.toThrow(
      'not watched any more',
    );
  });

  it('to another place keeps that place', async () => {
    const { book, add, watched, saved } = await openBook();
    const ids = [await add('a'), await add('b'), await add('c')];
    await book.calls.moveServer({ serverId: ids[2] ?? '', index: 0 });
    expect(watched().map(({ name }) => name)).toEqual(['c', 'a', 'b']);
    expect((await saved()).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
    await expect(book.calls.moveServer({ serverId: 'gone', index: 0 })).rejects.toThrow(
      'not watched any more',
    );
  });

  it('by removing it forgets it and its secret', async () => {
    const { book, add, watched, saved, vault } = await openBook();
    const serverId = await add('One', login('s'));
    await book.remove(serverId);
    expect(watched()).toEqual([]);
    expect(await saved()).toEqual([]);
    expect(vault.get(serverId)).toBeNull();
  });

  it('that is watched for this run only is not remembered', async () => {
    const { book, watched, saved } = await openBook();
    const serverId = book.watchAddress('gpu-box.invalid');
    await book.calls.changeServer({ serverId, name: 'Mine' });
    expect(watched()).toMatchObject([{ name: 'Mine' }]);
    expect(await saved()).toEqual([]);
    expect(() => book.watchAddress('gpu-box.invalid')).toThrow('already watched');
    expect(() => book.watchAddress('')).toThrow('Enter the address');
  });
});

describe('a secret', () => {
  it('reaches the server and the key store, and nothing else', async () => {
    const server = await startPlainServer();
    const { book, events, lines, store } = await openBook();
    await book.calls.addServer({ url: server.url, name: 'Mine', details: login('TOP-SECRET') });
    await expect.poll(() => server.handshakes[0]?.headers.authorization).toBe('Bearer TOP-SECRET');
    expect(JSON.stringify([events, lines, store.getState()])).not.toContain('TOP-SECRET');
    for (const file of ['settings.json', 'secrets.json'])
      expect(await readFile(join(folder, file), 'utf8')).not.toContain('TOP-SECRET');
    const again = await openBook({ keep: true });
    const serverId = store.getState().servers[0]?.server.id ?? '';
    await again.vault.read([serverId]);
    expect(again.vault.get(serverId)).toBe('TOP-SECRET');
  });

  it('is kept when other things change, also the path below the same host', async () => {
    const { book, add, watched, vault } = await openBook();
    const serverId = await add('One', login('s'));
    await book.calls.changeServer({ serverId, name: 'Other' });
    await book.calls.changeServer({ serverId, details: { ...login(null), color: 'red' } });
    await book.calls.changeServer({ serverId, url: `${watched()[0]?.url}/comfy` });
    expect(vault.get(serverId)).toBe('s');
  });

  it.each([
    ['another host', 'http://127.0.0.2:8188'],
    ['another port', 'http://127.0.0.1:1'],
    ['another scheme', 'https://127.0.0.1:2'],
  ])('is forgotten when the address becomes that of %s', async (_, url) => {
    const { book, vault, watched } = await openBook();
    const { serverId } = await book.calls.addServer({
      url: 'http://127.0.0.1:2',
      name: null,
      details: login('s'),
    });
    await book.calls.changeServer({ serverId, url });
    expect(vault.get(serverId)).toBeNull();
    const [server] = watched();
    expect(server && book.accessTo(server).headers).toEqual({});
  });

  it('is forgotten when no login is wanted any more, and replaced when another is entered', async () => {
    const { book, add, vault } = await openBook();
    const serverId = await add('One', login('old'));
    await book.calls.changeServer({ serverId, details: login('new') });
    expect(vault.get(serverId)).toBe('new');
    await book.calls.changeServer({ serverId, details: login(null, { kind: 'none' }) });
    expect(vault.get(serverId)).toBeNull();
  });

  it('that is stored is used by a test of the same host, never of another', async () => {
    const [mine, strange] = [await startPlainServer(), await startPlainServer()];
    const { book } = await openBook();
    const { serverId } = await book.calls.addServer({ url: mine.url, name: null, details: login('s') });
    await book.calls.testServer({ serverId, url: `${mine.url}/test`, details: login(null) });
    await book.calls.testServer({ serverId, url: strange.url, details: login(null) });
    const asked = mine.asked.find(({ url }) => url === '/test/system_stats');
    expect(asked?.headers.authorization).toBe('Bearer s');
    expect(strange.asked[0]?.headers.authorization).toBeUndefined();
  });

  it.each(['Host', 'connection', 'Content-Length', 'Sec-WebSocket-Key', 'transfer-encoding'])(
    'cannot be sent in the header %s, which belongs to the connection',
    async (name) => {
      const { book, add, events } = await openBook();
      const header = { kind: 'header', name } as const;
      await expect(add('One', login('s', header))).rejects.toThrow(`The header ${name} cannot carry a login`);
      expect(events).toEqual([]);
      const serverId = await add('One', login('s', { kind: 'header', name: 'x-key' }));
      await expect(book.calls.changeServer({ serverId, details: login(null, header) })).rejects.toThrow(name);
    },
  );

  it('can be several headers, each kept until it is entered anew', async () => {
    const { book, add, watched } = await openBook();
    const headers = () => {
      const [server] = watched();
      return server && book.accessTo(server).headers;
    };
    const named = (...names: [string, ...string[]]) => {
      const [name, ...more] = names;
      return { kind: 'header', name, ...(more.length > 0 ? { more } : {}) } as const;
    };
    const serverId = await add('One', login('1', named('X-A')));
    expect(headers()).toEqual({ 'X-A': '1' });
    const change = (details: ServerDetails) => book.calls.changeServer({ serverId, details });
    await change({ ...login(null, named('X-A', 'X-B')), moreSecrets: ['2'] });
    expect(headers()).toEqual({ 'X-A': '1', 'X-B': '2' });
    await change({ ...login(null, named('X-A', 'X-B')), moreSecrets: [null] });
    await book.calls.changeServer({ serverId, name: 'Other' });
    expect(headers()).toEqual({ 'X-A': '1', 'X-B': '2' });
    await change({ ...login('3', named('X-C', 'x-b', 'X-A')), moreSecrets: [null, null] });
    expect(headers()).toEqual({ 'X-C': '3', 'x-b': '2', 'X-A': '1' });
    await expect(change({ ...login(null, named('X-C', 'X-D')), moreSecrets: [null] })).rejects.toThrow(
      'Enter the value of the header X-D, too.',
    );
    await expect(change({ ...login('4', named('X-C', 'x-c')), moreSecrets: ['5'] })).rejects.toThrow('twice');
    expect(headers()).toEqual({ 'X-C': '3', 'x-b': '2', 'X-A': '1' });
    await change(login(null, named('x-b')));
    expect(headers()).toEqual({ 'x-b': '2' });
  });

  it('of several headers goes to no other host', async () => {
    const { book, add, watched } = await openBook();
    const more: Authentication = { kind: 'header', name: 'X-A', more: ['X-B'] };
    const serverId = await add('One', { ...login('1', more), moreSecrets: ['2'] });
    await book.calls.changeServer({ serverId, url: 'http://127.0.0.3:1', details: login(null, more) });
    const [server] = watched();
    expect(server && book.accessTo(server).headers).toEqual({});
  });

  it('with letters that a header cannot carry is refused, except in a password', async () => {
    const { add } = await openBook();
    await expect(add('One', login('tökén'))).rejects.toThrow('A token consists of plain letters');
    await add('One', login('pässword', { kind: 'basic', user: 'me' }));
  });

  it('that cannot be stored is used all the same, and that is said', async () => {
    const { book, add, vault, saved, notices } = await openBook({ keyStore: async () => brokenKeyStore });
    const serverId = await add('One', login('s'));
    expect(notices).toMatchObject([{ why: expect.stringContaining('its password could not be stored') }]);
    expect(vault.get(serverId)).toBe('s');
    expect(await saved()).toHaveLength(1);
    await expect(book.calls.changeServer({ serverId, details: login('t') })).rejects.toThrow(
      'could not be stored',
    );
    expect(vault.get(serverId)).toBe('t');
  });

  it('is not missed where none was entered', async () => {
    const { book, add, watched } = await openBook({ keyStore: async () => brokenKeyStore });
    await book.remove(await add('One'));
    expect(watched()).toEqual([]);
  });
});
