import type { Notice } from '../../contract/notice.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';
import { openSecretFile } from './secret-file.ts';

/** The key store of the user's system, once it is open. */
export interface KeyStore {
  /** Whether it keeps what it encrypts from everybody else. */
  readonly protects: boolean;
  /** Whether everybody could decrypt this. */
  isOpenToAll(bytes: Buffer): boolean;
  /** Rejects if others could decrypt it. */
  encrypt(text: string): Promise<Buffer>;
  /** Rejects if it was encrypted for another user, or the key is gone; what is outdated is to be encrypted anew. */
  decrypt(bytes: Buffer): Promise<{ text: string; isOutdated: boolean }>;
}

export interface SecretVaultOptions {
  userDataDir: string;
  /**
   * Opens the system's key store; called once, and not before a secret is to be stored or read, since the
   * system may then ask the user for a password. Null where there is none: secrets are kept in memory only.
   */
  openKeyStore: (() => Promise<KeyStore>) | null;
  /** Hears when `keeps` becomes known. */
  onOpened: () => void;
  /** Hears of a server whose stored secret has been read. */
  onRead: (serverId: string) => void;
  addNotice: (notice: Notice) => void;
  log: (line: string) => void;
}

/** Keeps tokens and passwords, by server id. */
export interface SecretVault {
  /** Null also for one that is stored and was not read. */
  get(serverId: string): string | null;
  /**
   * Resolves when the stored secrets of these servers were read, or cannot be; at once if there are none.
   * Until then the user may be looking at the system's question for the key store's password. Never rejects.
   */
  read(serverIds: readonly string[]): Promise<void>;
  /**
   * Null forgets the secret, also on the disk, which takes no key store. Rejects if that failed, or if the
   * secret could not be stored; it still holds until the app ends, which is also all that is wanted of one
   * that is not `lasting`.
   */
  set(serverId: string, secret: string | null, lasting?: boolean): Promise<void>;
  /** Forgets the stored secrets of all servers but these. Rejects if they could not be deleted. */
  keepOnly(serverIds: readonly string[]): Promise<void>;
  /** Whether secrets outlive the app; null while that is not known, for the key store has not been opened. */
  readonly keeps: boolean | null;
}

/**
 * Opens the vault in the user data folder. Where no key store protects them, secrets are kept in memory
 * only: a file that every user can read is no place for a password.
 */
export async function openSecretVault(options: SecretVaultOptions): Promise<SecretVault> {
  const { openKeyStore, onOpened, onRead, addNotice, log } = options;
  const file = await openSecretFile(options.userDataDir, log, (why, aside) => addNotice(damaged(why, aside)));
  const secrets = new Map<string, string>();
  /** Servers whose secrets are to be on the disk and are not yet. */
  const unstored = new Set<string>();
  const reading = new Map<string, Promise<void>>();
  let opening: Promise<KeyStore | null> | null = null;
  let keeps: boolean | null = openKeyStore ? null : false;

  function open(): Promise<KeyStore | null> {
    opening ??= opened();
    return opening;
  }

  async function opened(): Promise<KeyStore | null> {
    if (!openKeyStore) return null;
    const keyStore = await openKeyStore().catch((cause: unknown) => {
      log(`the key store could not be opened: ${causeText(cause)}`);
      return null;
    });
    keeps = keyStore?.protects ?? false;
    onOpened();
    return keyStore;
  }

  async function readOne(serverId: string): Promise<void> {
    const keyStore = await open();
    const bytes = file.get(serverId);
    // While the key store was being opened, it may have been forgotten or entered anew.
    if (!keyStore || !bytes || secrets.has(serverId)) return;
    try {
      const { text, isOutdated } = await keyStore.decrypt(bytes);
      if (!file.get(serverId)?.equals(bytes) || secrets.has(serverId)) return;
      secrets.set(serverId, text);
      if (isOutdated && keyStore.protects) unstored.add(serverId);
      onRead(serverId);
    } catch {
      log(`the stored password of server ${serverId} cannot be read and has to be entered again`);
      addNotice(unreadable);
    }
    if (keyStore.protects) await store(keyStore);
    else if (keyStore.isOpenToAll(bytes)) {
      await forgetStored([serverId]);
      addNotice(takenFromDisk);
    }
  }

  /** Writes down all that is to be on the disk; rejects if some of it could not be. */
  async function store(keyStore: KeyStore): Promise<void> {
    const changes = new Map<string, Buffer | null>();
    const failures: unknown[] = [];
    const store = async (serverId: string, secret: string): Promise<void> => {
      const bytes = await keyStore.encrypt(secret).catch((cause: unknown) => {
        failures.push(cause);
        // What it replaces is not wanted any more.
        return null;
      });
      // A later one is stored by the call that brought it.
      if (secrets.get(serverId) === secret && unstored.has(serverId)) changes.set(serverId, bytes);
    };
    await Promise.all([...unstored].map((serverId) => store(serverId, secrets.get(serverId) ?? '')));
    if (changes.size > 0) await file.change(changes);
    for (const [serverId, bytes] of changes) if (bytes) unstored.delete(serverId);
    if (failures.length > 0) throw failures[0];
  }

  async function forgetStored(serverIds: readonly string[]): Promise<void> {
    const stored = serverIds.filter(file.has);
    if (stored.length > 0) await file.change(new Map(stored.map((serverId) => [serverId, null])));
  }

  return {
    get keeps() {
      return keeps;
    },
    get: (serverId) => secrets.get(serverId) ?? null,
    async read(serverIds) {
      const asked = serverIds.filter((serverId) => file.has(serverId) && !secrets.has(serverId));
      for (const serverId of asked)
        if (!reading.has(serverId))
          reading.set(
            serverId,
            readOne(serverId).catch((cause: unknown) =>
              log(`the stored passwords could not be written anew: ${causeText(cause)}`),
            ),
          );
      await Promise.all(asked.map((serverId) => reading.get(serverId)));
    },
    async set(serverId, secret, lasting = true) {
      unstored.delete(serverId);
      if (secret === null) secrets.delete(serverId);
      else secrets.set(serverId, secret);
      if (secret === null || !lasting || !openKeyStore) return forgetStored([serverId]);
      unstored.add(serverId);
      const keyStore = await open();
      if (keyStore?.protects) return store(keyStore);
      if (secrets.get(serverId) === secret) addNotice(inMemory);
      // It would come back at the next start.
      return forgetStored([serverId]);
    },
    keepOnly: (serverIds) => forgetStored(file.ids().filter((serverId) => !serverIds.includes(serverId))),
  };
}

const inMemory: Notice = {
  id: 'secrets-in-memory',
  level: 'warning',
  get what() {
    return t('host.secrets.memory');
  },
  get why() {
    return t('host.secrets.memory.why');
  },
  get next() {
    return t('host.secrets.unlock');
  },
};

const takenFromDisk: Notice = {
  id: 'secrets-taken-from-disk',
  level: 'warning',
  get what() {
    return t('host.secrets.deleted');
  },
  get why() {
    return t('host.secrets.deleted.why');
  },
  get next() {
    return t('host.secrets.unlock');
  },
};

const unreadable: Notice = {
  id: 'secrets-unreadable',
  level: 'warning',
  get what() {
    return t('host.secrets.unreadable');
  },
  get why() {
    return t('host.secrets.unreadable.why');
  },
  get next() {
    return t('host.secrets.unreadable.next');
  },
};

function damaged(why: string, aside: string | null): Notice {
  return {
    id: 'secrets-damaged',
    level: 'warning',
    get what() {
      return t('host.secrets.damaged');
    },
    why,
    next:
      aside === null ? t('host.secrets.damaged.unmoved') : t('host.secrets.damaged.kept', { path: aside }),
  };
}
