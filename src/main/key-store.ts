import { safeStorage } from 'electron';
import type { Cipher } from '../host/secret-vault.ts';

/**
 * The key store of the user's system, or null where there is none. On Linux without a password manager
 * Electron would encrypt with a fixed key that everybody knows; that does not count. The answer may wait for
 * the user, whom the system asks for a password first.
 */
export async function openKeyStore(platform: NodeJS.Platform = process.platform): Promise<Cipher | null> {
  const available = await safeStorage.isAsyncEncryptionAvailable().catch(() => false);
  if (!available) return null;
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return null;
  return {
    encrypt: (text) => safeStorage.encryptStringAsync(text),
    decrypt: async (bytes) => (await safeStorage.decryptStringAsync(bytes)).result,
  };
}
