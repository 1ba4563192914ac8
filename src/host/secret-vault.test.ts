import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Cipher, openSecretVault } from './secret-vault.ts';

vi.mock('node:fs/promises', { spy: true });

let folder: string;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-'));
  lines = [];
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** What one user's key store encrypts, another's cannot read. */
function cipherOf(user: string): Cipher {
  return {
    encrypt: async (text) => Buffer.from(`${user}:${[...text].reverse().join('')}`),
    async decrypt(bytes) {
      const [owner, text = ''] = bytes.toString().split(':');
      if (owner !== user) throw new Error('wrong key');
      return [...text].reverse().join('');
    },
  };
}

async function open(cipher: Cipher | null = cipherOf('me')) {
  const vault = openSecretVault(folder, Promise.resolve(cipher), (line) => lines.push(line));
  await vault.opened;
  return vault;
}

describe('secrets', () => {
  it('are there again after a restart, and not readable in the file', async () => {
    const vault = await open();
    await vault.set('a', 'first');
    await vault.set('b', 'second');
    expect(vault.lasting).toBe(true);
    const again = await open();
    expect([again.get('a'), again.get('b'), again.get('c')]).toEqual(['first', 'second', null]);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toMatch(/first|second/);
    expect(lines).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('are in a file of this user alone', async () => {
    await (await open()).set('a', 'x');
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  it('are forgotten when told so', async () => {
    const vault = await open();
    await vault.set('a', 'first');
    await vault.set('a', null);
    expect(vault.get('a')).toBeNull();
    expect((await open()).get('a')).toBeNull();
  });

  it('are those of the last of many quick changes', async () => {
    const vault = await open();
    await Promise.all(['1', '2', '3'].map((secret) => vault.set('a', secret)));
    expect((await open()).get('a')).toBe('3');
    expect(await readdir(folder)).toEqual(['secrets.json']);
  });

  it('are kept in memory only where there is no key store', async () => {
    const vault = await open(null);
    await vault.set('a', 'first');
    expect(vault.get('a')).toBe('first');
    expect(vault.lasting).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    expect((await open(null)).get('a')).toBeNull();
  });

  it('hold until the end of the run when they cannot be stored, and later ones are stored', async () => {
    let works = false;
    const cipher = cipherOf('me');
    const vault = await open({
      ...cipher,
      encrypt: (text) => (works ? cipher.encrypt(text) : Promise.reject(new Error('locked'))),
    });
    await expect(vault.set('a', 'first')).rejects.toThrow('locked');
    expect(vault.get('a')).toBe('first');
    works = true;
    await vault.set('b', 'second');
    expect((await open()).get('a')).toBe('first');
  });

  it.each([
    ['no JSON', '{'],
    ['empty', ''],
    ['of another shape', '{"version":1,"secrets":{"a":5}}'],
    ['of a later version', '{"version":2,"secrets":{}}'],
    ['not encoded', '{"version":1,"secrets":{"a":"no base64!"}}'],
  ])('have to be entered again when the file is %s, and that is said', async (_, text) => {
    await writeFile(join(folder, 'secrets.json'), text);
    const vault = await open();
    expect(vault.get('a')).toBeNull();
    expect(lines).toEqual(['the stored passwords are damaged and have to be entered again']);
    await vault.set('a', 'again');
    expect((await open()).get('a')).toBe('again');
  });

  it('of another user are said to be unreadable, one by one, without showing them', async () => {
    const theirs = await open(cipherOf('them'));
    await theirs.set('a', 'first');
    const mine = await open();
    expect(mine.get('a')).toBeNull();
    expect(lines).toEqual([expect.stringContaining('server a cannot be read')]);
  });

  it('are read although somebody else holds their file for a moment', async () => {
    await (await open()).set('a', 'first');
    vi.mocked(readFile).mockRejectedValueOnce(Object.assign(new Error('EBUSY'), { code: 'EBUSY' }));
    expect((await open()).get('a')).toBe('first');
  });

  it('are there once the key store has been unlocked, however long its owner takes', async () => {
    await (await open()).set('a', 'first');
    let unlock: (cipher: Cipher) => void = () => {};
    const locked = new Promise<Cipher>((done) => {
      unlock = done;
    });
    const vault = openSecretVault(folder, locked, (line) => lines.push(line));
    expect([vault.get('a'), vault.lasting]).toEqual([null, false]);
    unlock(cipherOf('me'));
    await vault.opened;
    expect([vault.get('a'), vault.lasting]).toEqual(['first', true]);
  });

  it('are kept in memory only when the key store fails', async () => {
    const vault = openSecretVault(folder, Promise.reject(new Error('no bus')), (line) => lines.push(line));
    await vault.opened;
    expect(vault.lasting).toBe(false);
    expect(lines).toEqual(['the key store could not be opened: Error: no bus']);
  });
});
