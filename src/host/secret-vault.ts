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
  /**
   * Resolves when the stored secrets are there, or it is known that there are none. Until then the user may be
   * looking at the system's question for the key store's password. Never rejects.
   */
  readonly opened: Promise<void>;
  /** Null also for one that is stored, until the vault has opened. */
  get(serverId: string): string | null;
  /**
   * To be called after the vault has opened. Null forgets the secret. Rejects if it could not be stored; it
   * still holds until the app ends, which is also all that is wanted of one that is not `lasting`.
   */
  set(serverId: string, secret: string | null, lasting?: boolean): Promise<void>;
  /** False if secrets are forgotten when the app ends, and until the vault has opened. */
  readonly lasting: boolean;
}

const fileSchema = z.object({ version: z.literal(1), secrets: z.record(z.string(), z.base64()) });

/**
 * Opens the vault in the user data folder. Without a cipher (no key store) secrets are kept in memory
 * only: a file that anybody can read is no place for a password.
 */
export function openSecretVault(
  userDataDir: string,
  keyStore: Promise<Cipher | null>,
  log: (line: string) => void,
): SecretVault {
  const path = join(userDataDir, 'secrets.json');
  const secrets = new Map<string, string>();
  let cipher: Cipher | null = null;
  const opened = open().catch((cause: unknown) => log(`the key store could not be opened: ${String(cause)}`));
  const passing = new Set<string>();
  let writing = Promise.resolve();

  async function open(): Promise<void> {
    const found = await keyStore;
    if (!found) return;
    for (const [serverId, secret] of await readSecrets(path, found, log)) secrets.set(serverId, secret);
    cipher = found;
  }

  async function write(store: Cipher): Promise<void> {
    const encrypted = await Promise.all(
      [...secrets]
        .filter(([id]) => !passing.has(id))
        .map(async ([id, secret]) => [id, (await store.encrypt(secret)).toString('base64')] as const),
    );
    await replaceFile(path, JSON.stringify({ version: 1, secrets: Object.fromEntries(encrypted) }));
  }

  return {
    opened,
    get lasting() {
      return cipher !== null;
    },
    get: (serverId) => secrets.get(serverId) ?? null,
    set(serverId, secret, lasting = true) {
      // Nobody should be asked to unlock a key store because of a server without a password.
      if (secret === null && !secrets.has(serverId)) return Promise.resolve();
      if (secret === null) secrets.delete(serverId);
      else secrets.set(serverId, secret);
      if (lasting) passing.delete(serverId);
      else passing.add(serverId);
      const store = cipher;
      if (!store || !lasting) return Promise.resolve();
      const written = writing.then(() => write(store));
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
