import type { KeyStore } from '../storage/secret-vault.ts';

/** Turns texts around, marked with their user: enough to see that they are not stored as they are. */
export function mirrorKeyStore(changes: Partial<KeyStore> = {}, user = 'me'): KeyStore {
  return {
    protects: true,
    isOpenToAll: () => false,
    encrypt: async (text) => Buffer.from(`${user}:${turned(text)}`),
    async decrypt(bytes) {
      const [owner, text = ''] = bytes.toString().split(':');
      if (owner !== user) throw new Error('wrong key');
      return { text: turned(text), isOutdated: false };
    },
    ...changes,
  };
}

/** What can be encrypted is nothing: the store is broken. */
export const brokenKeyStore = mirrorKeyStore({
  encrypt: () => Promise.reject(new Error('locked')),
  decrypt: () => Promise.reject(new Error('locked')),
});

/** As on a Linux without a password manager: everybody has the key, which is marked by `all`. */
export const openKeyStoreOfAll = mirrorKeyStore(
  { protects: false, isOpenToAll: (bytes) => bytes.toString().startsWith('all:') },
  'all',
);

function turned(text: string): string {
  return [...text].reverse().join('');
}
