import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../simulator/simulator.ts';
import { textToImage } from '../../simulator/workflows.ts';
import { closedAddress, startPlainServer } from '../comfy/testing/plain-server.ts';
import { calls } from '../contract/bridge/calls.ts';
import { type EventBatch, snapshotSchema } from '../contract/snapshot.ts';
import { createMonitorStore } from '../domain/store.ts';
import type { MonitorHost } from './monitor-host.ts';
import type { FileViewer } from './outputs/file-viewer.ts';
import type { KeyStore } from './storage/secret-vault.ts';
import { brokenKeyStore, mirrorKeyStore } from './testing/mirror-key-store.ts';
import { startTestHost } from './testing/test-host.ts';

/** A page that keeps what it is sent. */
function openPage(host: MonitorHost) {
  const pushes: { name: string; payload: unknown }[] = [];
  const batches: EventBatch[] = [];
  const page = host.openPage((name, payload) => {
    pushes.push({ name, payload });
    if (name === 'events' && payload && 'events' in payload) batches.push(payload);
  });
  const call = async (name: string, request?: unknown) => {
    const reply = await page.answer(name, request);
    return reply.ok ? reply.value : `refused: ${reply.message}`;
  };
  return { page, pushes, batches, call };
}

/** One that is there, and shows what it is asked for at once. */
async function loadedPage(host: MonitorHost) {
  const opened = openPage(host);
  await opened.call('getSnapshot');
  await new Promise((done) => setTimeout(done));
  return opened;
}

const plainDetails = {
  color: null,
  authentication: { kind: 'none' },
  secret: null,
  certificate: null,
  outputFolder: null,
};

describe('a page of the monitor', () => {
  it('gets the state as it is, and then every change of it', async () => {
    const server = await startPlainServer();
    const { host } = await startTestHost({ servers: [server.url] });
    const { batches, call } = openPage(host);
    const snapshot = snapshotSchema.parse(await call('getSnapshot'));
    server.send({ type: 'status', data: { status: { exec_info: { queue_remaining: 4 } } } });
    await expect.poll(() => host.store.getState().servers[0]?.connection.phase).toBe('connected');
    server.send({ type: 'status', data: { status: { exec_info: { queue_remaining: 5 } } } });
    await expect.poll(() => host.store.getState().servers[0]?.queueLength).toBe(5);
    const copied = () => {
      const copy = createMonitorStore(snapshot.state);
      for (const { events } of batches) copy.apply(events);
      return copy.getState();
    };
    await expect.poll(() => isDeepStrictEqual(copied(), host.store.getState())).toBe(true);
    expect(batches[0]?.first).toBe(snapshot.sequence + 1);
  });

  it('adds, changes, moves and removes servers, and they are remembered', async () => {
    const { host, userDataDir } = await startTestHost();
    const { call } = openPage(host);
    const remembered = async () =>
      JSON.parse(await readFile(join(userDataDir, 'settings.json'), 'utf8')).servers;
    const add = async (name: string) =>
      calls.addServer.response.parse(await call('addServer', { url: await closedAddress(), name }));
    const [one, two] = [await add('One'), await add('Two')];
    expect(await call('moveServer', { serverId: two.serverId, index: 0 })).toBeUndefined();
    expect(await call('changeServer', { serverId: one.serverId, name: 'First' })).toBeUndefined();
    expect(await remembered()).toMatchObject([{ name: 'Two' }, { name: 'First' }]);
    expect(await call('removeServer', { serverId: two.serverId })).toBeUndefined();
    expect(await remembered()).toMatchObject([{ name: 'First' }]);
    expect(host.store.getState().servers).toHaveLength(1);
  });

  it.each([
    ['noSuchCall', undefined],
    ['__proto__', undefined],
    ['constructor', {}],
    [7, undefined],
    [null, undefined],
    ['getSnapshot', { unexpected: 1 }],
    ['addServer', undefined],
    ['addServer', { url: 5, name: null }],
    ['addServer', { url: 'x'.repeat(5_000), name: null }],
    ['moveServer', { serverId: 's', index: -1 }],
    ['cancelJobs', { serverId: 's', promptIds: 'all' }],
    ['openOutput', { serverId: 's', promptId: 'p', file: { filename: '', subfolder: '', type: 'output' } }],
  ])('that calls %j as nobody agreed is refused in a sentence', async (name, request) => {
    const { host } = await startTestHost();
    expect(await openPage(host).page.answer(name, request)).toEqual({
      ok: false,
      message: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it.each([
    ['changeServer', { serverId: 'gone' }],
    ['moveServer', { serverId: 'gone', index: 0 }],
    ['interruptJob', { serverId: 'gone', promptId: 'p' }],
    ['freeMemory', { serverId: 'gone' }],
  ])('that asks for something about a server that is gone is told so: %s', async (name, request) => {
    const { host } = await startTestHost();
    expect(await openPage(host).call(name, request)).toBe('refused: This server is not watched any more.');
  });

  it('is told which job the user asked for elsewhere, until it is closed', async () => {
    const { host } = await startTestHost();
    const { page, pushes } = await loadedPage(host);
    host.showJob('s', 'p');
    page.close();
    host.showJob('s', 'q');
    expect(pushes).toEqual([{ name: 'showJob', payload: { serverId: 's', promptId: 'p' } }]);
  });

  it('is told what to show only when it has loaded, and then what was asked for last', async () => {
    const { host } = await startTestHost();
    const { call, pushes } = openPage(host);
    host.showJob('s', 'p');
    host.showJob('s', 'q');
    expect(pushes).toEqual([]);
    await call('getSnapshot');
    await expect.poll(() => pushes).toEqual([{ name: 'showJob', payload: { serverId: 's', promptId: 'q' } }]);
  });

  it('is sent nothing while nobody sees it, and hears then that it missed something', async () => {
    const { host } = await startTestHost();
    const { page, batches } = await loadedPage(host);
    const other = await loadedPage(host);
    page.setSeen(false);
    host.watch('http://127.0.0.1:9');
    await expect.poll(() => other.batches.length).toBeGreaterThan(0);
    expect(batches).toEqual([]);
    page.setSeen(true);
    const last = other.batches.at(-1)?.last ?? 0;
    expect(batches).toEqual([{ first: last + 1, last, events: [] }]);
  });

  it('is told what to show only when it has caught up with what it did not see', async () => {
    const { host } = await startTestHost();
    const { page, call, pushes } = await loadedPage(host);
    const asked = () => pushes.filter(({ name }) => name === 'showJob');
    page.setSeen(false);
    host.watch('http://127.0.0.1:9');
    page.setSeen(true);
    host.showJob('s', 'p');
    expect(asked()).toEqual([]);
    await call('getSnapshot');
    await expect.poll(asked).toHaveLength(1);
    page.setSeen(false);
    host.showJob('s', 'q');
    expect(asked()).toHaveLength(1);
    page.setSeen(true);
    expect(asked()).toHaveLength(2);
  });

  it('puts a notice away for good', async () => {
    const { host } = await startTestHost();
    const { call } = await loadedPage(host);
    host.notices.add({ id: 'n', level: 'info', what: 'Something.', why: null, next: null });
    await call('dismissNotice', { id: 'n' });
    expect(snapshotSchema.parse(await openPage(host).call('getSnapshot')).notices).toEqual([]);
  });

  it('that cannot be told keeps nobody else from being told, and the host from nothing', async () => {
    const { host, lines } = await startTestHost();
    host.openPage(() => {
      throw new RangeError('Invalid string length');
    });
    const { pushes } = await loadedPage(host);
    host.notices.add({ id: 'n', level: 'info', what: 'Something.', why: null, next: null });
    expect(pushes.filter(({ name }) => name === 'notices')).toHaveLength(1);
    expect(lines.filter((line) => line.includes('Invalid string length'))).toHaveLength(1);
  });

  it('has previews fetched for it only while somebody looks at it', async () => {
    const server = await startPlainServer({
      routes: { '/comfy_monitor/info': { json: { version: '1.0.0' } }, '/comfy_monitor/relay': { json: {} } },
    });
    const { host } = await startTestHost({ servers: [server.url] });
    const previews = () =>
      server.asked
        .filter(({ url }) => url === '/comfy_monitor/relay')
        .map(({ body }) => body?.includes('"previews":true'));
    await expect.poll(previews).toEqual([false]);
    const { page, call } = openPage(host);
    await expect.poll(previews).toEqual([false, true]);
    await call('setAttention', { attention: 'hidden' });
    await expect.poll(previews).toEqual([false, true, false]);
    await call('setAttention', { attention: 'focused' });
    await expect.poll(previews).toHaveLength(4);
    page.close();
    await expect.poll(previews).toEqual([false, true, false, true, false]);
  });

  it('is told when the settings could not be used', async () => {
    const { host } = await startTestHost({ settings: '{ damaged', servers: [await closedAddress()] });
    const { notices } = snapshotSchema.parse(await openPage(host).call('getSnapshot'));
    expect(notices).toMatchObject([{ id: 'settings-damaged', why: 'It is not valid JSON.' }]);
  });
});

describe('a notice', () => {
  it('reaches the pages that are open and those that come later, and replaces its predecessor', async () => {
    const { host } = await startTestHost();
    const { pushes, call } = openPage(host);
    const notice = { id: 'n', level: 'info', why: null, next: null } as const;
    host.notices.add({ ...notice, what: 'First.' });
    host.notices.add({ ...notice, what: 'Second.' });
    expect(pushes).toEqual([
      { name: 'notices', payload: [{ ...notice, what: 'First.' }] },
      { name: 'notices', payload: [{ ...notice, what: 'Second.' }] },
    ]);
    const { notices } = snapshotSchema.parse(await call('getSnapshot'));
    expect(notices).toEqual([{ ...notice, what: 'Second.' }]);
  });

  it('takes back a notice that does not hold any more', async () => {
    const { host } = await startTestHost();
    const { pushes } = openPage(host);
    host.notices.add({ id: 'shortcut', level: 'warning', what: 'Taken.', why: null, next: null });
    host.notices.drop('shortcut');
    expect(pushes.at(-1)).toEqual({ name: 'notices', payload: [] });
  });

  it('passes on the request for the settings, and for the mini mode where there is a window for it', async () => {
    const asked: boolean[] = [];
    const { host } = await startTestHost({ miniMode: (on) => asked.push(on) });
    const { call, pushes } = await loadedPage(host);
    host.showSettings();
    expect(pushes).toEqual([{ name: 'showSettings', payload: undefined }]);
    await call('setMiniMode', { on: true });
    await call('setMiniMode', { on: false });
    expect(asked).toEqual([true, false]);
    const other = openPage((await startTestHost()).host);
    expect(await other.call('setMiniMode', { on: true })).toMatch(/^refused: .*no window/);
  });
});

it('restarts to a new version when a page asks for it, if there is one', async () => {
  let isReady = false;
  const restarts: string[] = [];
  const restartToUpdate = () => {
    if (isReady) restarts.push('now');
    return isReady;
  };
  const { call } = openPage((await startTestHost({ restartToUpdate })).host);
  expect(await call('restartToUpdate')).toBe('refused: There is no new version to restart to.');
  isReady = true;
  await call('restartToUpdate');
  expect(restarts).toEqual(['now']);
  const other = openPage((await startTestHost()).host);
  expect(await other.call('restartToUpdate')).toMatch(/^refused/);
});

describe('a secret that a page enters', () => {
  it('never comes back to any page, and is in no file where there is no key store', async () => {
    const server = await startPlainServer();
    const { host, userDataDir, lines } = await startTestHost();
    const { call, pushes } = openPage(host);
    const before = await call('getSnapshot');
    const details = { ...plainDetails, authentication: { kind: 'basic', user: 'me' }, secret: 'TOP-SECRET' };
    const added = await call('addServer', { url: server.url, name: 'Mine', details });
    await expect.poll(() => server.sockets.size).toBe(1);
    const tested = await call('testServer', { serverId: null, url: `${server.url}/x`, details });
    await expect.poll(() => pushes.length).toBeGreaterThan(0);
    const pair = Buffer.from('me:TOP-SECRET').toString('base64');
    const settings = await readFile(join(userDataDir, 'settings.json'), 'utf8');
    const told = JSON.stringify([before, added, tested, pushes, await call('getSnapshot'), lines, settings]);
    expect(server.handshakes[0]?.headers.authorization).toBe(`Basic ${pair}`);
    expect(told).not.toContain('TOP-SECRET');
    expect(told).not.toContain(pair);
  });

  it('may be impossible to store: the server was added all the same, and a notice says so', async () => {
    const { host } = await startTestHost({ openKeyStore: async () => brokenKeyStore });
    const { call } = openPage(host);
    const details = { ...plainDetails, authentication: { kind: 'bearer' }, secret: 's' };
    const { serverId } = calls.addServer.response.parse(
      await call('addServer', { url: await closedAddress(), name: 'Mine', details }),
    );
    const { state, notices } = snapshotSchema.parse(await call('getSnapshot'));
    expect(state.servers.map(({ server }) => server.id)).toEqual([serverId]);
    expect(notices).toMatchObject([{ why: expect.stringContaining('its password could not be stored') }]);
  });
});

describe('a key store that waits for its owner', () => {
  const login = { ...plainDetails, authentication: { kind: 'bearer' }, secret: 'token' };
  const keepsSecrets = async (page: ReturnType<typeof openPage>) =>
    snapshotSchema.parse(await page.call('getSnapshot')).host.desktop?.keepsSecrets;

  /** A second start that watches a server with a login, before the key store was unlocked. */
  async function startedLocked() {
    const server = await startPlainServer();
    const first = await startTestHost({ openKeyStore: async () => mirrorKeyStore() });
    const earlier = openPage(first.host);
    expect(await keepsSecrets(earlier)).toBeNull();
    await earlier.call('addServer', { url: server.url, name: 'Mine', details: login });
    expect(await keepsSecrets(earlier)).toBe(true);
    await first.host.stop();
    let unlock: (keyStore: KeyStore) => void = () => {};
    const opened = new Promise<KeyStore>((done) => {
      unlock = done;
    });
    const { userDataDir } = first;
    const settings = await readFile(join(userDataDir, 'settings.json'), 'utf8');
    const { host } = await startTestHost({ openKeyStore: () => opened, userDataDir, settings });
    const serverId = host.store.getState().servers[0]?.server.id;
    return { server, serverId, userDataDir, page: openPage(host), unlock: () => unlock(mirrorKeyStore()) };
  }

  it('does not hold up the start; when it opens, its servers are reached with their logins', async () => {
    const { server, page, unlock } = await startedLocked();
    const sent = () => server.handshakes.at(-1)?.headers.authorization;
    await expect.poll(sent).toBeUndefined();
    expect(await keepsSecrets(page)).toBeNull();
    unlock();
    await expect.poll(sent).toBe('Bearer token');
    const told = page.pushes.filter(({ name }) => name === 'host');
    expect(told).toMatchObject([{ payload: { desktop: { keepsSecrets: true } } }]);
  });

  it('is not waited for by a server that moves: its login is not carried to another address', async () => {
    const { server, serverId, userDataDir, page, unlock } = await startedLocked();
    const other = await startPlainServer();
    const details = { ...login, secret: null };
    expect(await page.call('changeServer', { serverId, url: other.url, details })).toBeUndefined();
    const kept = JSON.parse(await readFile(join(userDataDir, 'secrets.json'), 'utf8'));
    expect(kept.secrets).toEqual({});
    const before = server.handshakes.length;
    unlock();
    await expect.poll(() => other.handshakes.length).toBeGreaterThan(0);
    expect(other.handshakes.map(({ headers }) => headers.authorization)).not.toContain('Bearer token');
    expect(server.handshakes).toHaveLength(before);
  });
});

describe('the key store of the system', () => {
  const login = { ...plainDetails, authentication: { kind: 'bearer' }, secret: 'token' };

  /** Starts again on the same folder, and counts how often the key store is opened. */
  async function startedAgain(userDataDir: string, servers: string[] = []) {
    const asked = { times: 0 };
    const settings = await readFile(join(userDataDir, 'settings.json'), 'utf8');
    const { host } = await startTestHost({
      userDataDir,
      settings,
      servers,
      openKeyStore: async () => {
        asked.times += 1;
        return mirrorKeyStore();
      },
    });
    return { asked, page: openPage(host), host };
  }

  it('is opened by the first start that needs a stored login, and by no other', async () => {
    const first = await startTestHost({ openKeyStore: async () => mirrorKeyStore() });
    const { userDataDir } = first;
    const page = openPage(first.host);
    await page.call('addServer', { url: await closedAddress(), name: 'Plain', details: plainDetails });
    await first.host.stop();
    expect((await startedAgain(userDataDir)).asked.times).toBe(0);

    const second = await startedAgain(userDataDir);
    const { serverId } = calls.addServer.response.parse(
      await second.page.call('addServer', { url: await closedAddress(), name: 'Mine', details: login }),
    );
    expect(second.asked.times).toBe(1);
    expect((await startedAgain(userDataDir)).asked.times).toBe(1);
    expect((await startedAgain(userDataDir, [await closedAddress()])).asked.times).toBe(0);

    await second.page.call('changeServer', { serverId, enabled: false });
    const disabled = await startedAgain(userDataDir);
    expect(disabled.asked.times).toBe(0);
    await disabled.page.call('changeServer', { serverId, enabled: true });
    await expect.poll(() => disabled.asked.times).toBe(1);
  });

  it('is not needed to forget logins of servers that are gone', async () => {
    const first = await startTestHost({ openKeyStore: async () => mirrorKeyStore() });
    const { userDataDir } = first;
    await openPage(first.host).call('addServer', {
      url: await closedAddress(),
      name: 'Mine',
      details: login,
    });
    await writeFile(join(userDataDir, 'settings.json'), JSON.stringify({ version: 1, servers: [] }));
    const stored = async () =>
      Object.keys(JSON.parse(await readFile(join(userDataDir, 'secrets.json'), 'utf8')).secrets);
    expect(await stored()).toHaveLength(1);
    const { asked } = await startedAgain(userDataDir);
    expect([asked.times, await stored()]).toEqual([0, []]);
  });
});

describe('a locked key store', () => {
  const locked = () => startTestHost({ openKeyStore: () => new Promise(() => {}) });
  const saved = async (userDataDir: string) =>
    JSON.parse(await readFile(join(userDataDir, 'settings.json'), 'utf8')).servers;

  it('does not keep servers without a login from being added, changed and removed', async () => {
    const { host, userDataDir } = await locked();
    const { call } = openPage(host);
    const url = await closedAddress();
    const { serverId } = calls.addServer.response.parse(
      await call('addServer', { url, name: 'Plain', details: plainDetails }),
    );
    expect(await call('changeServer', { serverId, name: 'Other', details: plainDetails })).toBeUndefined();
    expect(await saved(userDataDir)).toMatchObject([{ name: 'Other' }]);
    expect(await call('removeServer', { serverId })).toBeUndefined();
    expect(await saved(userDataDir)).toEqual([]);
  });
});

const idleViewer: FileViewer = {
  open: async () => null,
  reveal: () => {},
  chooseTarget: async () => null,
  chooseFolder: async () => null,
  copyImage: async () => null,
  drag: async () => {},
  openPage: async () => {},
};

describe('opening an output', () => {
  const file = { filename: 'a.png', subfolder: '', type: 'output' };
  const openable = {
    '/view': { headers: { 'content-length': '6' }, body: 'pixels' },
  };

  it('shows a file that is surely there in the viewer of the system', async () => {
    const server = await startPlainServer({ routes: openable });
    const opened: string[] = [];
    const { host } = await startTestHost({
      servers: [server.url],
      viewer: {
        ...idleViewer,
        open: async ({ path }) => {
          opened.push(await readFile(path, 'utf8'));
          return null;
        },
        reveal: ({ path }) => opened.push(`folder of ${path}`),
      },
    });
    const serverId = host.store.getState().servers[0]?.server.id;
    const { call } = openPage(host);
    expect(await call('openOutput', { serverId, promptId: 'p', file })).toEqual({
      opened: true,
      message: null,
    });
    expect(opened).toEqual(['pixels']);
    expect(await call('revealOutput', { serverId, promptId: 'p', file })).toMatchObject({ opened: true });
    expect(opened[1]).toMatch(/^folder of .*a-[0-9a-f]{10}\.png$/);
    expect(await call('openOutput', { serverId: 'gone', promptId: 'p', file })).toEqual({
      opened: false,
      message: 'This server is not watched any more.',
    });
  });

  it('says why the viewer did not open, and where there is none', async () => {
    const server = await startPlainServer({ routes: openable });
    const broken = await startTestHost({
      servers: [server.url],
      viewer: { ...idleViewer, open: async () => 'No viewer is installed.' },
    });
    const serverId = broken.host.store.getState().servers[0]?.server.id;
    expect(await openPage(broken.host).call('openOutput', { serverId, promptId: 'p', file })).toEqual({
      opened: false,
      message: 'No viewer is installed.',
    });
    const { host } = await startTestHost();
    expect(await openPage(host).call('openOutput', { serverId: 'x', promptId: 'p', file })).toMatchObject({
      opened: false,
      message: expect.stringContaining('cannot open files'),
    });
  });
});

describe('servers of the command line', () => {
  it('are watched instead of the saved ones, for this run only', async () => {
    const url = await closedAddress();
    const { host, userDataDir } = await startTestHost({ servers: [url, url] });
    expect(host.store.getState().servers.map(({ server }) => server.url)).toEqual([url]);
    const settings = JSON.parse(await readFile(join(userDataDir, 'settings.json'), 'utf8'));
    expect(settings.servers).toEqual([]);
  });

  it('with a bad address end the start with a sentence', async () => {
    await expect(startTestHost({ servers: ['two words'] })).rejects.toThrow('is not a server address');
  });
});

describe('notifications', () => {
  const graph = textToImage({ title: 'Long way', prompt: 'a road', seed: 1, steps: 40 });
  const open = async (options: Parameters<typeof startTestHost>[0]) => {
    const started = await startTestHost(options);
    const titles: string[] = [];
    started.host.news.tell({ tell: ({ title }) => titles.push(title), isFocused: () => false });
    return { ...started, titles };
  };
  const finished = (host: MonitorHost) => host.store.getState().servers[0]?.finished.length;

  it('tell once of a prompt that ended while the app was closed', async () => {
    const simulator = await startSimulator({ scenario: 'idle', speed: 20 });
    onTestFinished(() => simulator.stop());
    const first = await open({ servers: [simulator.url] });
    simulator.submit(graph.graph, { clientId: 'somebody', workflow: graph.workflow });
    await expect.poll(() => first.host.store.getState().servers[0]?.running.length).toBe(1);
    await first.host.stop();
    const state = async () => (await fetch(`${simulator.url}/history`)).text();
    await expect.poll(state).toContain('"status_str":"success"');

    const again = { servers: [simulator.url], userDataDir: first.userDataDir };
    const second = await open(again);
    await expect.poll(() => second.titles).toEqual(['Finished: Long way']);
    await second.host.stop();
    const third = await open(again);
    await expect.poll(() => finished(third.host)).toBe(1);
    expect([first.titles, third.titles]).toEqual([[], []]);
  });

  it('stay paused at the next start, and pages know it', async () => {
    const first = await open({});
    const until = Date.now() + 60_000;
    const { call, pushes } = openPage(first.host);
    expect(await call('pauseNotifications', { until })).toBeUndefined();
    expect(pushes).toEqual([{ name: 'notificationsPaused', payload: { until } }]);
    await first.host.stop();
    const second = await open({ userDataDir: first.userDataDir });
    const snapshot = snapshotSchema.parse(await openPage(second.host).call('getSnapshot'));
    expect(snapshot.notificationsPausedUntil).toBe(until);
    second.host.news.pause(Date.now() - 1);
    expect(second.host.news.pausedUntil()).toBeNull();
  });

  it('have a picture only when it comes soon', async () => {
    const slow = await startPlainServer({ routes: { '/view': null } });
    const { host } = await startTestHost({ servers: [slow.url] });
    const serverId = host.store.getState().servers[0]?.server.id ?? '';
    const file = { filename: 'a.png', subfolder: '', type: 'output' } as const;
    const asked = performance.now();
    expect(await host.news.picture(serverId, file)).toBeNull();
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(await host.news.picture('gone', file)).toBeNull();
  });
});

describe('diagnostics', () => {
  it('do not carry what is in the vault, and are there without log files', async () => {
    const { host } = await startTestHost();
    const { call } = openPage(host);
    const details = { ...plainDetails, authentication: { kind: 'bearer' }, secret: 'TOP-SECRET' };
    const { serverId } = calls.addServer.response.parse(
      await call('addServer', { url: await closedAddress(), name: 'Mine TOP-SECRET', details }),
    );
    expect(serverId).not.toBe('');
    const { text } = calls.getDiagnostics.response.parse(await call('getDiagnostics'));
    expect(text).toContain('login: bearer');
    expect(text).not.toContain('TOP-SECRET');
    expect(await call('openLogs')).toBe('refused: This host writes no log files.');
  });
});

describe('a failure of a page', () => {
  it('is in the log, unless the page fails without end', async () => {
    const { host, lines } = await startTestHost();
    const { call } = openPage(host);
    await call('reportPageError', { message: 'no such part', stack: 'at part.tsx:1' });
    for (let i = 0; i < 20; i += 1) await call('reportPageError', { message: `failure ${i}`, stack: null });
    const told = lines.filter((line) => line.startsWith('the page failed: '));
    expect(told).toHaveLength(10);
    expect(told[0]).toBe('the page failed: no such part\nat part.tsx:1');
    expect(await call('reportPageError', { message: 'x'.repeat(501), stack: null })).toContain('refused');
  });

  it('brings neither logins nor what a terminal obeys into the log', async () => {
    const { host, lines } = await startTestHost();
    const { call } = openPage(host);
    const login = { ...plainDetails, authentication: { kind: 'basic', user: 'me' }, secret: 'TOP-SECRET' };
    await call('addServer', { url: await closedAddress(), name: 'Mine', details: login });
    const sent = Buffer.from('me:TOP-SECRET').toString('base64');
    const message = `refused \x1b[2J"Basic ${sent}", ${sent} TOP-SECRET`;
    await call('reportPageError', { message, stack: null });
    expect(lines.at(-1)).toBe('the page failed: refused \\x1b[2J"(secret)", (secret) (secret)');
  });
});

describe('the demo', () => {
  it('is a server like any other, started once, and gone when it is stopped', async () => {
    const { host, userDataDir } = await startTestHost();
    const { call } = openPage(host);
    expect(await call('startDemo')).toEqual({ serverId: 'demo' });
    expect(await call('startDemo')).toEqual({ serverId: 'demo' });
    const [demo, ...others] = host.store.getState().servers;
    expect(others).toEqual([]);
    await expect.poll(() => host.store.getState().servers[0]?.connection.phase).toBe('connected');
    expect(await call('removeServer', { serverId: 'demo' })).toBeUndefined();
    expect(host.store.getState().servers).toEqual([]);
    await expect(fetch(`${demo?.server.url}/queue`)).rejects.toThrow();
    const settings = JSON.parse(await readFile(join(userDataDir, 'settings.json'), 'utf8'));
    expect(settings.servers).toEqual([]);
  });
});
