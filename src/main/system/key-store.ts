import { safeStorage } from 'electron';
import type { KeyStore } from '../../host/storage/secret-vault.ts';

/**
 * Opens the key store of the user's system, for which the system may ask its user for a password first.
 * Electron does so at the first encryption, not before.
 */
export async function openKeyStore(platform: NodeJS.Platform = process.platform): Promise<KeyStore> {
  /**
   * True for what is encrypted with the key that Chromium carries for a Linux without a password manager, or
   * with one that stays locked: everybody has it. On the other systems the same mark stands for a key of the
   * user's own (Chromium's components/os_crypt, Electron 45).
   */
  const isOpenToAll = (bytes: Buffer): boolean =>
    platform === 'linux' && bytes.subarray(0, 3).toString('latin1') === 'v10';

  // Electron calls encryption available, and names a password manager, by the desktop alone: none need run.
  const protects = await safeStorage.encryptStringAsync('sample').then(
    (sample) => !isOpenToAll(sample),
    () => false,
  );
  return {
    protects,
    isOpenToAll,
    async encrypt(text) {
      const bytes = await safeStorage.encryptStringAsync(text);
      if (isOpenToAll(bytes)) throw new Error('the key store encrypts with a key that everybody has');
      return bytes;
    },
    async decrypt(bytes) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(bytes);
      return { text: result, isOutdated: shouldReEncrypt || isOpenToAll(bytes) };
    },
  };
}
