import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { desktop, safeStorage } from '../testing/fake-electron.ts';
import { openKeyStore } from './key-store.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(() => {
  desktop.keyStore.mark = 'v11';
});
afterEach(() => {
  desktop.keyStore.mark = 'v11';
});

describe('the key store of Linux', () => {
  it.each(['v11', 'v12'] as const)('is one whose key is the user’s own (%s)', async (mark) => {
    desktop.keyStore.mark = mark;
    const keyStore = await openKeyStore('linux');
    const bytes = await keyStore.encrypt('secret');
    expect([keyStore.protects, keyStore.isOpenToAll(bytes)]).toEqual([true, false]);
    expect(await keyStore.decrypt(bytes)).toEqual({ text: 'secret', isOutdated: false });
  });

  it('is none where everybody has the key, whatever the desktop is called', async () => {
    desktop.keyStore.mark = 'v10';
    const keyStore = await openKeyStore('linux');
    expect(safeStorage.getSelectedStorageBackend()).toBe('gnome_libsecret');
    expect(keyStore.protects).toBe(false);
    await expect(keyStore.encrypt('secret')).rejects.toThrow('a key that everybody has');
    // An earlier version stored such ones.
    const old = await safeStorage.encryptStringAsync('secret');
    expect(keyStore.isOpenToAll(old)).toBe(true);
    expect(await keyStore.decrypt(old)).toEqual({ text: 'secret', isOutdated: true });
  });

  it('wants to encrypt anew what an earlier version left to everybody', async () => {
    desktop.keyStore.mark = 'v10';
    const old = await safeStorage.encryptStringAsync('secret');
    desktop.keyStore.mark = 'v11';
    const keyStore = await openKeyStore('linux');
    expect(await keyStore.decrypt(old)).toEqual({ text: 'secret', isOutdated: true });
    expect(keyStore.isOpenToAll(await keyStore.encrypt('secret'))).toBe(false);
  });
});

it.each(['darwin', 'win32'] as const)(
  'what %s encrypts is the user’s own, whatever its mark',
  async (platform) => {
    desktop.keyStore.mark = 'v10';
    const keyStore = await openKeyStore(platform);
    expect([keyStore.protects, keyStore.isOpenToAll(await keyStore.encrypt('x'))]).toEqual([true, false]);
  },
);

it.each(['darwin', 'win32', 'linux'] as const)(
  'a key store of %s that encrypts nothing protects nothing',
  async (platform) => {
    desktop.keyStore.mark = null;
    expect((await openKeyStore(platform)).protects).toBe(false);
  },
);
