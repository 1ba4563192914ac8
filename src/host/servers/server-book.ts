import { randomUUID } from 'node:crypto';
import { hostNow } from '../../comfy/host-clock.ts';
import { isSameAddress, parseServerAddress } from '../../comfy/link/address.ts';
import { accessTo, type ServerAccess } from '../../comfy/link/server-access.ts';
import type { Monitors } from '../../comfy/monitors.ts';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { CallHandlers } from '../../contract/bridge/bridge-host.ts';
import type { Notice } from '../../contract/notice.ts';
import type { ServerDetails } from '../../contract/server-details.ts';
import { maxServers } from '../../contract/settings.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { type Server, serverColors } from '../../domain/server.ts';
import { serverNameOf } from '../../domain/server-address.ts';
import type { MonitorStore } from '../../domain/store.ts';
import { causeMessage, causeText } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';
import type { FileViewer } from '../outputs/file-viewer.ts';
import type { SecretVault } from '../storage/secret-vault.ts';
import type { SettingsFile } from '../storage/settings-file.ts';
import { checkLogin, createServerLogins, enteredSecrets, hasLogin, keepsPart } from './server-logins.ts';
import { findServers, testServer } from './server-test.ts';

export interface ServerBookOptions {
  store: MonitorStore;
  emit: (event: MonitorEvent) => void;
  monitors: () => Monitors;
  settings: SettingsFile;
  vault: SecretVault;
  /** Asks the user for folders. Only where a desktop is. */
  viewer: Pick<FileViewer, 'chooseFolder'> | null;
  /** Shows a notice on all pages. */
  addNotice: (notice: Notice) => void;
  log: (line: string) => void;
}

/** What a new server consists of; everything but the address has a default. */
type NewServer = Pick<Server, 'url'> & Partial<Server>;

/** The calls that the book answers. */
type ServerCalls = Pick<
  CallHandlers,
  'addServer' | 'changeServer' | 'moveServer' | 'testServer' | 'findServers' | 'chooseOutputFolder'
>;

/** The list of watched servers: what is in it, in which order, and how each is reached. */
export interface ServerBook {
  readonly calls: ServerCalls;
  /** How to reach a server, with the secret that the vault holds for it. */
  accessTo(server: Server): ServerAccess;
  /** Starts watching without remembering it. */
  watch(server: Server): void;
  /** Starts watching an address for this run only; gives its id. Throws `BridgeError` for a bad one. */
  watchAddress(url: string): string;
  /** Stops watching and forgets the server and its secret. */
  remove(serverId: string): Promise<void>;
}

const plainDetails: ServerDetails = {
  color: null,
  authentication: { kind: 'none' },
  secret: null,
  certificate: null,
  outputFolder: null,
};

export function openServerBook(options: ServerBookOptions): ServerBook {
  const { store, emit, monitors, settings, vault, viewer, addNotice, log } = options;
  /** Folders that the user chose in this run. */
  const chosenFolders = new Set<string>();

  const logins = createServerLogins({ vault, isRemembered, log });

  const watched = (): Server[] => store.getState().servers.map((known) => known.server);
  const find = (serverId: string): Server | undefined => watched().find((server) => server.id === serverId);
  const findSaved = (serverId: string): Server | undefined =>
    settings.current.servers.find((server) => server.id === serverId);

  function known(serverId: string): Server {
    const server = find(serverId);
    if (!server) throw new BridgeError(t('host.unwatched'));
    return server;
  }

  /** The base address of what was typed; refuses one that another server has already. */
  function addressOf(input: string, serverId: string | null): string {
    const address = parseServerAddress(input);
    if (!address.ok) throw new BridgeError(address.message);
    const taken = watched().find(
      (server) => isSameAddress(server.url, address.url) && server.id !== serverId,
    );
    if (taken) throw new BridgeError(t('host.server.taken', { url: address.url, name: taken.name }));
    return address.url;
  }

  /**
   * The folder for a server's output files. A page cannot make one up: files are opened from there, so
   * the user has to have pointed at it in a dialog of the system.
   */
  function folderOf({ outputFolder }: ServerDetails, before: Server | undefined): string | null {
    const isKnown = outputFolder === null || outputFolder === before?.outputFolder;
    if (!isKnown && !chosenFolders.has(outputFolder)) throw new BridgeError(t('host.server.folder_again'));
    return outputFolder;
  }

  function completed({ url, ...given }: NewServer): Server {
    return {
      id: randomUUID(),
      name: serverNameOf(url),
      color: freeColor([...watched(), ...settings.current.servers]),
      enabled: true,
      authentication: { kind: 'none' },
      certificate: null,
      outputFolder: null,
      demo: false,
      ...given,
      url,
    };
  }

  function watch(server: Server): void {
    emit({ type: 'server_added', serverId: server.id, at: hostNow(), server });
    monitors().add(server);
    fetchSecret(server);
  }

  /** The vault reports a stored secret once it is read; the server is then reached with it. */
  function fetchSecret(server: Server): void {
    if (server.enabled && hasLogin(server)) void vault.read([server.id]);
  }

  function unwatch(serverId: string): void {
    monitors().remove(serverId);
    emit({ type: 'server_removed', serverId, at: hostNow() });
  }

  async function save(change: (servers: Server[]) => Server[]): Promise<void> {
    await settings
      .update((current) => ({ ...current, servers: change(current.servers) }))
      .catch((cause) => {
        log(`settings could not be written: ${causeText(cause)}`);
        throw new BridgeError(t('host.not_kept'));
      });
  }

  function isRemembered(serverId: string): boolean {
    return findSaved(serverId) !== undefined;
  }

  return {
    accessTo: (server) => accessTo(server, vault.get(server.id)),
    watch,
    watchAddress(input) {
      const server = completed({ url: addressOf(input, null) });
      watch(server);
      return server.id;
    },
    async remove(serverId) {
      unwatch(serverId);
      await allDone(
        logins.forget(serverId),
        isRemembered(serverId)
          ? save((servers) => servers.filter((server) => server.id !== serverId))
          : Promise.resolve(),
      );
    },

    calls: {
      async addServer({ url: input, name, details: given }) {
        const url = addressOf(input, null);
        // Saved, but not among those that this run was asked to watch: it is the same one.
        const saved = savedAt(url);
        if (saved && !given) {
          watch(saved);
          return { serverId: saved.id };
        }
        const details = given ?? plainDetails;
        if (!saved && settings.current.servers.length >= maxServers)
          throw new BridgeError(t('host.server.too_many', { count: maxServers }));
        const server = completed({
          ...saved,
          url,
          ...(name?.trim() ? { name: name.trim() } : {}),
          ...(details.color === null ? {} : { color: details.color }),
          authentication: details.authentication,
          certificate: details.certificate,
          outputFolder: given ? folderOf(given, saved) : (saved?.outputFolder ?? null),
        });
        checkLogin(details);
        const saving = save((servers) => [...servers.filter((other) => other.id !== server.id), server]);
        const storing = logins.store(server.id, saved, url, logins.withStored(details, saved, url));
        watch(server);
        // It is watched from here on: a call that failed would be made again, and refused.
        const failures = await failuresOf(storing, saving);
        if (failures.length > 0) addNotice(notStored(server, failures));
        return { serverId: server.id };
      },

      async changeServer({ serverId, url: input, name, enabled, details }) {
        const before = known(serverId);
        const url = input === undefined ? before.url : addressOf(input, serverId);
        const outputFolder = details ? folderOf(details, before) : before.outputFolder;
        const wanted = details ?? { ...plainDetails, authentication: before.authentication };
        checkLogin(wanted);
        if (details && keepsPart(details, before, url)) {
          await vault.read([serverId]);
          // It may have been changed meanwhile.
          if (known(serverId) !== before) throw new BridgeError(t('host.server.changed'));
        }
        const storing = logins.store(serverId, before, url, logins.withStored(wanted, before, url));
        const server: Server = {
          ...before,
          url,
          name: name?.trim() || before.name,
          enabled: enabled ?? before.enabled,
          ...(details
            ? {
                color: details.color ?? before.color,
                authentication: details.authentication,
                certificate: details.certificate,
                outputFolder,
              }
            : {}),
        };
        emit({ type: 'server_changed', serverId, at: hostNow(), server });
        monitors().change(server);
        fetchSecret(server);
        await allDone(
          storing,
          save((servers) => servers.map((other) => (other.id === serverId ? server : other))),
        );
      },

      async moveServer({ serverId, index }) {
        known(serverId);
        emit({ type: 'server_moved', serverId, at: hostNow(), index });
        const order = new Map(watched().map((server, place) => [server.id, place]));
        await save((servers) => servers.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)));
      },

      async testServer({ serverId, url: input, details }) {
        const address = parseServerAddress(input);
        if (!address.ok) throw new BridgeError(address.message);
        const { url } = address;
        const { authentication, certificate } = details;
        if (serverId !== null && hasLogin(details) && enteredSecrets(details).includes(null))
          await vault.read([serverId]);
        const server = serverId === null ? undefined : (find(serverId) ?? findSaved(serverId));
        return testServer(
          accessTo({ url, authentication, certificate }, logins.secretFor(server, url, details)),
        );
      },

      async findServers() {
        return findServers(watched().map((server) => server.url));
      },

      async chooseOutputFolder({ current }) {
        if (!viewer) throw new BridgeError(t('host.desktop_only'));
        // A page cannot make up where the system looks first, either: that could be a folder of the network.
        const begin = current !== null && isFolderOfUser(current) ? current : null;
        const path = await viewer.chooseFolder({ title: t('host.server.folder'), current: begin });
        if (path !== null) chosenFolders.add(path);
        return { path };
      },
    },
  };

  function savedAt(url: string): Server | undefined {
    return settings.current.servers.find((server) => isSameAddress(server.url, url));
  }

  /** Chosen in this run, or stored for a server: both by the user. */
  function isFolderOfUser(path: string): boolean {
    return chosenFolders.has(path) || settings.current.servers.some((server) => server.outputFolder === path);
  }
}

/** Waits for all before it rejects. One after the other, a rejection that is not awaited yet ends the process. */
async function allDone(...work: Promise<void>[]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}

/** Waits for all; gives the sentences of those that failed. */
async function failuresOf(...work: Promise<void>[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [causeMessage(outcome.reason)] : []));
}

function notStored({ id, name }: Server, failures: readonly string[]): Notice {
  return {
    id: `not-stored ${id}`,
    level: 'warning',
    get what() {
      return t('host.server.not_stored', { name });
    },
    why: failures.join(' '),
    next: null,
  };
}

/** The first colour that no server has, else the least recently handed out one. */
function freeColor(servers: readonly Server[]): Server['color'] {
  const taken = new Set(servers.map((server) => server.color));
  const free = serverColors.find((color) => !taken.has(color));
  return free ?? serverColors[servers.length % serverColors.length] ?? 'blue';
}
