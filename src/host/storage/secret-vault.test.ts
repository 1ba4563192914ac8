import { mkdtemp, open as openFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Notice } from '../../contract/notice.ts';
import { brokenKeyStore, mirrorKeyStore, openKeyStoreOfAll } from '../testing/mirror-key-store.ts';
import { type KeyStore, openSecretVault } from './secret-vault.ts';

vi.mock('node:fs/promises', { spy: true });

let folder: string;
let lines: string[];
let notices: Notice[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-'));
  lines = [];
  notices = [];
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** A vault whose key store is `keyStore`, or is asked for; null where the host has none. */
async function open(keyStore: KeyStore | (() => Promise<KeyStore>) | null = mirrorKeyStore()) {
  const asked = { times: 0 };
  const told: string[] = [];
  const openKeyStore = async () => {
    asked.times += 1;
    return typeof keyStore === 'function' ? keyStore() : (keyStore ?? mirrorKeyStore());
  };
  const vault = await openSecretVault({
    userDataDir: folder,
    openKeyStore: keyStore === null ? null : openKeyStore,
    onOpened: () => told.push('opened'),
    onRead: (serverId) => told.push(`read ${serverId}`),
    addNotice: (notice) => notices.push(notice),
    log: (line) => lines.push(line),
  });
  return { vault, asked, told };
}

/** The stored secret of a server after a new start. */
async function storedOf(serverId: string, keyStore = mirrorKeyStore()): Promise<string | null> {
  const { vault } = await open(keyStore);
  await vault.read([serverId]);
  return vault.get(serverId);
}

const onDisk = async (): Promise<Record<string, string>> =>
  JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8')).secrets;

/** A key store that waits for its user, and what unlocks it. */
function locked() {
  let unlock: (keyStore: KeyStore) => void = () => {};
  const opened = new Promise<KeyStore>((done) => {
    unlock = done;
  });
  return { keyStore: () => opened, unlock: () => unlock(mirrorKeyStore()) };
}

describe('secrets', () => {
  it('are there again after a restart, and not readable in the file', async () => {
    const { vault } = await open();
    await vault.set('a', 'first');
    await vault.set('b', 'second');
    expect(vault.keeps).toBe(true);
    expect([await storedOf('a'), await storedOf('b'), await storedOf('c')]).toEqual([
      'first',
      'second',
      null,
    ]);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toMatch(/first|second/);
    expect([lines, notices]).toEqual([[], []]);
  });

  it.skipIf(process.platform === 'win32')('are in a file of this user alone', async () => {
    await (await open()).vault.set('a', 'x');
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  it('are forgotten when told so', async () => {
    const { vault } = await open();
    await vault.set('a', 'first');
    await vault.set('a', null);
    expect(vault.get('a')).toBeNull();
    expect(await onDisk()).toEqual({});
  });

  it('are those of the last of many quick changes', async () => {
    const { vault } = await open();
    await Promise.all(['1', '2', '3'].map((secret) => vault.set('a', secret)));
    expect(await storedOf('a')).toBe('3');
    expect(await readdir(folder)).toEqual(['secrets.json']);
  });

  it('hold until the end of the run when they cannot be stored, and later ones are stored', async () => {
    let works = false;
    const { encrypt } = mirrorKeyStore();
    const { vault } = await open(
      mirrorKeyStore({
        encrypt: (text) => (works ? encrypt(text) : Promise.reject(new Error('locked'))),
      }),
    );
    await expect(vault.set('a', 'first')).rejects.toThrow('locked');
    expect(vault.get('a')).toBe('first');
    works = true;
    await vault.set('b', 'second');
    expect(await storedOf('a')).toBe('first');
  });

  it.each([
    ['no JSON', '{', 'It is not valid JSON.'],
    ['empty', '', 'It is not valid JSON.'],
    ['of another shape', '{"version":1,"secrets":{"a":5}}', 'It does not have the expected content.'],
    [
      'of a later version',
      '{"version":2,"secrets":{}}',
      'It was written by a newer version of the app (layout 2).',
    ],
    ['not encoded', '{"version":1,"secrets":{"a":"no base64!"}}', 'It does not have the expected content.'],
  ])('have to be entered again when the file is %s, and that is said', async (_, text, why) => {
    await writeFile(join(folder, 'secrets.json'), text);
    const { vault } = await open();
    await vault.read(['a']);
    expect(vault.get('a')).toBeNull();
    expect(lines).toEqual([`the stored passwords are damaged and have to be entered again: ${why}`]);
    const [aside = ''] = (await readdir(folder)).filter((name) => name.includes('.damaged-'));
    expect(notices).toMatchObject([
      { what: 'The stored passwords could not be used.', next: expect.stringContaining(aside) },
    ]);
    expect(await readFile(join(folder, aside), 'utf8')).toBe(text);
    await vault.set('a', 'again');
    expect(await storedOf('a')).toBe('again');
  });

  it('of another user are said to be unreadable, one by one, without showing them, and stay', async () => {
    await (await open(mirrorKeyStore({}, 'them'))).vault.set('a', 'first');
    expect(await storedOf('a')).toBeNull();
    expect(lines).toEqual([expect.stringContaining('server a cannot be read')]);
    expect(notices).toMatchObject([{ what: 'A stored password could not be read.' }]);
    expect(await storedOf('a', mirrorKeyStore({}, 'them'))).toBe('first');
  });

  it('are read although somebody else holds their file for a moment', async () => {
    await (await open()).vault.set('a', 'first');
    vi.mocked(openFile).mockRejectedValueOnce(Object.assign(new Error('EBUSY'), { code: 'EBUSY' }));
    expect(await storedOf('a')).toBe('first');
  });

  it('that another process wrote meanwhile are left alone', async () => {
    const { vault } = await open();
    await (await open()).vault.set('a', 'theirs');
    await vault.set('b', 'mine');
    expect([await storedOf('a'), await storedOf('b')]).toEqual(['theirs', 'mine']);
  });

  it('that could not be deleted are deleted with the next change', async () => {
    const { vault } = await open();
    await vault.set('a', 'first');
    vi.mocked(openFile).mockRejectedValueOnce(Object.assign(new Error('EIO'), { code: 'EIO' }));
    await expect(vault.set('a', null)).rejects.toThrow('EIO');
    await vault.set('b', 'second');
    expect(Object.keys(await onDisk())).toEqual(['b']);
  });

  it('are encrypted anew when the key store says that their encryption is outdated', async () => {
    await (await open(mirrorKeyStore({}, 'old'))).vault.set('a', 'first');
    const rotated = mirrorKeyStore({
      decrypt: async (bytes) => ({
        text: (await mirrorKeyStore({}, 'old').decrypt(bytes)).text,
        isOutdated: true,
      }),
    });
    expect(await storedOf('a', rotated)).toBe('first');
    expect(await storedOf('a')).toBe('first');
  });
});

describe('the key store', () => {
  it('is not opened as long as nothing is stored or to be stored, and nothing is claimed of it', async () => {
    const { vault, asked, told } = await open();
    await vault.read(['a']);
    await vault.set('a', null);
    await vault.set('b', 'passing', false);
    await vault.keepOnly([]);
    expect([asked.times, vault.keeps, told]).toEqual([0, null, []]);
    await vault.set('a', 'first');
    expect([asked.times, vault.keeps, told]).toEqual([1, true, ['opened']]);
  });

  it('is not opened for secrets of servers that are not asked for', async () => {
    await (await open()).vault.set('a', 'first');
    const { vault, asked, told } = await open();
    await vault.read(['b']);
    expect([asked.times, vault.keeps]).toEqual([0, null]);
    await Promise.all([vault.read(['a']), vault.read(['a', 'b'])]);
    await vault.read(['a']);
    expect([asked.times, told]).toEqual([1, ['opened', 'read a']]);
  });

  it('may take its time until its owner unlocks it', async () => {
    await (await open()).vault.set('a', 'first');
    const { keyStore, unlock } = locked();
    const { vault } = await open(keyStore);
    const reading = vault.read(['a']);
    expect([vault.get('a'), vault.keeps]).toEqual([null, null]);
    unlock();
    await reading;
    expect([vault.get('a'), vault.keeps]).toEqual(['first', true]);
  });

  it('is not needed to forget a secret: locked or missing, the disk has it no longer', async () => {
    const first = (await open()).vault;
    for (const serverId of ['a', 'b', 'c']) await first.set(serverId, serverId);
    const { keyStore, unlock } = locked();
    const { vault } = await open(keyStore);
    const reading = vault.read(['a', 'b', 'c']);
    await vault.set('a', null);
    expect(Object.keys(await onDisk())).toEqual(['b', 'c']);
    await vault.keepOnly(['c']);
    expect(Object.keys(await onDisk())).toEqual(['c']);
    unlock();
    await reading;
    expect([vault.get('a'), vault.get('b'), vault.get('c')]).toEqual([null, null, 'c']);
    await (await open(null)).vault.set('c', null);
    expect(await onDisk()).toEqual({});
  });

  it('does not bring back what was entered anew while it was locked', async () => {
    await (await open()).vault.set('a', 'old');
    const { keyStore, unlock } = locked();
    const { vault } = await open(keyStore);
    const reading = vault.read(['a']);
    const storing = vault.set('a', 'new');
    unlock();
    await Promise.all([reading, storing]);
    expect([vault.get('a'), await storedOf('a')]).toEqual(['new', 'new']);
  });

  it('does not store what was forgotten while it was locked', async () => {
    const { keyStore, unlock } = locked();
    const { vault } = await open(keyStore);
    const storing = vault.set('a', 'new');
    await vault.set('a', null);
    unlock();
    await storing;
    expect(await storedOf('a')).toBeNull();
  });
});

describe('where no key store protects them, secrets', () => {
  it('are kept in memory only; that is known where the host has none', async () => {
    const { vault } = await open(null);
    expect(vault.keeps).toBe(false);
    await vault.set('a', 'first');
    expect(vault.get('a')).toBe('first');
    expect(await readdir(folder)).toEqual([]);
    expect(notices).toEqual([]);
  });

  it.each<[string, () => Promise<KeyStore>]>([
    ['everybody has the key', async () => openKeyStoreOfAll],
    ['it cannot be opened', () => Promise.reject(new Error('no bus'))],
  ])('are kept in memory only, and that is said, when %s', async (_, keyStore) => {
    const { vault, told } = await open(keyStore);
    await vault.set('a', 'first');
    expect([vault.get('a'), vault.keeps, told]).toEqual(['first', false, ['opened']]);
    expect(await readdir(folder)).toEqual([]);
    expect(notices).toMatchObject([{ what: 'Passwords are kept only until the monitor ends.' }]);
  });

  it('that were stored with a key of everybody are taken from the disk, and that is said', async () => {
    await (await open(mirrorKeyStore({}, 'all'))).vault.set('a', 'first');
    await (await open()).vault.set('b', 'second');
    const { vault } = await open(openKeyStoreOfAll);
    await vault.read(['a', 'b']);
    expect([vault.get('a'), vault.get('b')]).toEqual(['first', null]);
    // The other is protected by a key that may be there again at the next start.
    expect(Object.keys(await onDisk())).toEqual(['b']);
    expect(notices).toMatchObject([
      { what: 'A stored password could not be read.' },
      { what: expect.stringContaining('were deleted from the disk') },
    ]);
  });

  it('do not leave on the disk what they replace', async () => {
    for (const keyStore of [openKeyStoreOfAll, brokenKeyStore, null]) {
      await (await open()).vault.set('a', 'old');
      await (await open(keyStore)).vault.set('a', 'new').catch(() => {});
      expect(await onDisk()).toEqual({});
    }
  });
});
