import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { outwait } from './held-file.ts';
import { replaceFile } from './replace-file.ts';

/** Encrypts with the key store of the user's system. */
export interface Cipher {
  encrypt(text: string): Promise<Buffer>;
  /** Rejects if it was encrypted for somebody else, or the key is gone. */
  decrypt(bytes: Buffer): Promise<string>;
}

/** Keeps tokens and passwords, by server id. */
export interface SecretVault {
  get(serverId: string): string | null;
  /**
   * Null forgets it. Rejects if it could not be stored; it still holds until the app ends, which is also
   * all that is wanted of one that is not `lasting`.
   */
  set(serverId: string, secret: string | null, lasting?: boolean): Promise<void>;
  /** False if secrets are forgotten when the app ends. */
  readonly lasting: boolean;
}

const fileSchema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) });

/**
 * Opens the vault in the user data folder. Without a cipher (no key store) secrets are kept in memory
 * only: a file that anybody can read is no place for a password.
 */
export async function openSecretVault(
  userDataDir: string,
  cipher: Cipher | null,
  log: (line: string) => void,
): Promise<SecretVault> {
  const path = join(userDataDir, 'secrets.json');
  const secrets = cipher ? await readSecrets(path, cipher, log) : new Map<string, string>();
  const passing = new Set<string>();
  let writing = Promise.resolve();

  async function write(store: Cipher): Promise<void> {
    const encrypted = await Promise.all(
      [...secrets]
        .filter(([id]) => !passing.has(id))
        .map(async ([id, secret]) => [id, (await store.encrypt(secret)).toString('base64')] as const),
    );
    await replaceFile(path, JSON.stringify({ version: 1, secrets: Object.fromEntries(encrypted) }));
  }

  return {
    lasting: cipher !== null,
    get: (serverId) => secrets.get(serverId) ?? null,
    set(serverId, secret, lasting = true) {
      // Nobody should be asked to unlock a key store because of a server without a password.
      if (secret === null && !secrets.has(serverId)) return Promise.resolve();
      if (secret === null) secrets.delete(serverId);
      else secrets.set(serverId, secret);
      if (lasting) passing.delete(serverId);
      else passing.add(serverId);
      if (!cipher || !lasting) return Promise.resolve();
      const written = writing.then(() => write(cipher));
      writing = written.catch(() => {});
      return written;
    },
  };
}

async function readSecrets(
  path: string,
  cipher: Cipher,
  log: (line: string) => void,
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  const text = await outwait(() => readFile(path, 'utf8')).catch(() => null);
  if (text === null) return secrets;
  const stored = fileSchema.safeParse(parsed(text));
  if (!stored.success) {
    log('the stored passwords are damaged and have to be entered again');
    return secrets;
  }
  for (const [serverId, encrypted] of Object.entries(stored.data.secrets)) {
    try {
      secrets.set(serverId, await cipher.decrypt(Buffer.from(encrypted, 'base64')));
    } catch {
      log(
        `the stored password of server ${serverId} cannot be read by this user and has to be entered again`,
      );
    }
  }
  return secrets;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
