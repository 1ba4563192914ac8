import { randomUUID } from 'node:crypto';
import { hostNow } from '../../comfy/host-clock.ts';
import { isSameAddress, parseServerAddress } from '../../comfy/link/address.ts';
import { accessTo, headerSecret, headerValues, type ServerAccess } from '../../comfy/link/server-access.ts';
import type { Monitors } from '../../comfy/monitors.ts';
import { BridgeError } from '../../contract/bridge.ts';
import type { CallHandlers } from '../../contract/bridge-host.ts';
import type { Notice } from '../../contract/notice.ts';
import type { ServerDetails } from '../../contract/server-details.ts';
import { maxServers } from '../../contract/settings.ts';
import type { MonitorEvent } from '../../domain/monitor-event.ts';
import { loginHeaders, type Server, serverColors } from '../../domain/server.ts';
import { serverNameOf } from '../../domain/server-address.ts';
import type { MonitorStore } from '../../domain/store.ts';
import { causeMessage, causeText } from '../../domain/text/cause-text.ts';
import type { FileViewer } from '../outputs/file-viewer.ts';
import type { SecretVault } from '../storage/secret-vault.ts';
import type { SettingsFile } from '../storage/settings-file.ts';
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
export type ServerCalls = Pick<
  CallHandlers,
  'addServer' | 'changeServer' | 'moveServer' | 'testServer' | 'findServers' | 'chooseOutputFolder'
>;

/** The list of watched servers: what is in it, in which order, and how each is reached. */
export interface ServerBook extends ServerCalls {
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

  const watched = (): Server[] => store.getState().servers.map((known) => known.server);
  const find = (serverId: string): Server | undefined => watched().find((server) => server.id === serverId);
  const findSaved = (serverId: string): Server | undefined =>
    settings.current.servers.find((server) => server.id === serverId);

  function known(serverId: string): Server {
    const server = find(serverId);
    if (!server) throw new BridgeError('This server is not watched any more.');
    return server;
  }

  /** The base address of what was typed; refuses one that another server has already. */
  function addressOf(input: string, serverId: string | null): string {
    const address = parseServerAddress(input);
    if (!address.ok) throw new BridgeError(address.message);
    const taken = watched().find(
      (server) => isSameAddress(server.url, address.url) && server.id !== serverId,
    );
    if (taken) throw new BridgeError(`${address.url} is already watched as “${taken.name}”.`);
    return address.url;
  }

  /**
   * The folder for a server's output files. A page cannot make one up: files are opened from there, so
   * the user has to have pointed at it in a dialog of the system.
   */
  function folderOf({ outputFolder }: ServerDetails, before: Server | undefined): string | null {
    const isKnown = outputFolder === null || outputFolder === before?.outputFolder;
    if (!isKnown && !chosenFolders.has(outputFolder))
      throw new BridgeError('Choose the output folder again; it was not chosen in this run.');
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

  /** Whoever reads a stored secret is told by the vault, and reaches the server with it. */
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
        throw new BridgeError(
          'The change holds until the monitor is closed: the settings could not be written.',
        );
      });
  }

  function isRemembered(serverId: string): boolean {
    return findSaved(serverId) !== undefined;
  }

  async function keepSecret(
    serverId: string,
    secret: string | null,
    // A server of this run alone has a new id every time: its secret would never be found again.
    lasting = isRemembered(serverId),
  ): Promise<void> {
    await vault.set(serverId, secret, lasting).catch((cause) => {
      log(`a secret could not be stored: ${causeText(cause)}`);
      throw new BridgeError(
        secret === null
          ? 'That is done, but the stored password could not be deleted from the disk.'
          : 'The server is watched, but its password could not be stored: it is asked for again next time.',
      );
    });
  }

  /**
   * The secret for an address: the entered one, else the stored one of that server – for the same
   * origin only, so that an edited address cannot carry a password elsewhere.
   */
  function secretFor(serverId: string | null, url: string, details: ServerDetails) {
    const { authentication } = details;
    if (authentication.kind === 'none') return null;
    checkLogin(details);
    const server = serverId === null ? undefined : (find(serverId) ?? findSaved(serverId));
    const stored = server && fits(server, url, authentication) ? vault.get(server.id) : null;
    return withStored(details, server, url).secret ?? stored;
  }

  /**
   * The values of headers that were entered and those that are stored for the same names, as one secret; null if
   * nothing was entered and all stays as it is. Throws a `BridgeError` if one is missing.
   */
  function withStored(details: ServerDetails, server: Server | undefined, url: string): ServerDetails {
    const { authentication } = details;
    if (authentication.kind !== 'header') return details;
    const names = loginHeaders(authentication);
    const entered = enteredSecrets(details);
    if (entered.every((value) => value === null) && (!server || fits(server, url, authentication)))
      return { ...details, secret: null };
    const stored = storedHeaders(server, url);
    const values = names.map((name, place) => entered[place] ?? stored.get(name.toLowerCase()) ?? null);
    const missing = names.find((_, place) => values[place] === null);
    if (missing !== undefined && values.some((value) => value !== null))
      throw new BridgeError(`Enter the value of the header ${missing}, too.`);
    const known = values.filter((value) => value !== null);
    return { ...details, secret: known.length === 0 ? null : headerSecret(known) };
  }

  /** By name, for the same origin only. */
  function storedHeaders(server: Server | undefined, url: string): ReadonlyMap<string, string> {
    const secret = server && sameOrigin(server.url, url) ? vault.get(server.id) : null;
    const names = server ? loginHeaders(server.authentication) : [];
    const values = secret === null ? [] : headerValues(names, secret);
    return new Map(values.map((value, place) => [(names[place] ?? '').toLowerCase(), value]));
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
        keepSecret(serverId, null),
        isRemembered(serverId)
          ? save((servers) => servers.filter((server) => server.id !== serverId))
          : Promise.resolve(),
      );
    },

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
        throw new BridgeError(`No more than ${maxServers} servers can be watched. Remove one first.`);
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
      const storing = storeSecret(server.id, saved, url, withStored(details, saved, url));
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
        if (known(serverId) !== before)
          throw new BridgeError('This server was changed elsewhere; try again.');
      }
      const storing = storeSecret(serverId, before, url, withStored(wanted, before, url));
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
      return testServer(accessTo({ url, authentication, certificate }, secretFor(serverId, url, details)));
    },

    async findServers() {
      return findServers(watched().map((server) => server.url));
    },

    async chooseOutputFolder({ current }) {
      if (!viewer) throw new BridgeError('Only the desktop app opens files of this computer.');
      // A page cannot make up where the system looks first, either: that could be a folder of the network.
      const begin = current !== null && isFolderOfUser(current) ? current : null;
      const path = await viewer.chooseFolder({ title: 'Output folder of this server', current: begin });
      if (path !== null) chosenFolders.add(path);
      return { path };
    },
  };

  function savedAt(url: string): Server | undefined {
    return settings.current.servers.find((server) => isSameAddress(server.url, url));
  }

  /** Chosen in this run, or stored for a server: both by the user. */
  function isFolderOfUser(path: string): boolean {
    return chosenFolders.has(path) || settings.current.servers.some((server) => server.outputFolder === path);
  }

  /**
   * Stores the entered secret of a server before it is reached again. Without one, the stored secret stays
   * where it is if it still fits; else it is forgotten, whether the key store is open or not.
   */
  function storeSecret(
    serverId: string,
    before: Server | undefined,
    url: string,
    { authentication, secret }: ServerDetails,
  ): Promise<void> {
    if (authentication.kind === 'none') return keepSecret(serverId, null);
    const stays = before !== undefined && fits(before, url, authentication);
    return secret === null && stays ? Promise.resolve() : keepSecret(serverId, secret);
  }
}

/** A password is no token, and what was meant for one host is nobody else's business. */
function fits(server: Server, url: string, wanted: Server['authentication']): boolean {
  const { authentication } = server;
  if (authentication.kind !== wanted.kind || !sameOrigin(server.url, url)) return false;
  return namesKey(authentication) === namesKey(wanted);
}

/** What was entered for each part of a login: for its one secret, or for each of its headers. */
function enteredSecrets({ authentication, secret, moreSecrets = [] }: ServerDetails): (string | null)[] {
  const more = loginHeaders(authentication).slice(1);
  return [secret, ...more.map((_, place) => moreSecrets[place] ?? null)];
}

/** Whether some of the stored values, and not all as they are, are to be kept, so that they have to be known. */
function keepsPart(details: ServerDetails, before: Server, url: string): boolean {
  if (details.authentication.kind !== 'header' || before.authentication.kind !== 'header') return false;
  const entered = enteredSecrets(details);
  const keepsAll = entered.every((value) => value === null) && fits(before, url, details.authentication);
  return entered.includes(null) && !keepsAll && sameOrigin(before.url, url);
}

/** Equal for the same headers in the same order. */
function namesKey(method: Server['authentication']): string {
  return loginHeaders(method).join('\n').toLowerCase();
}

/** Whether a server, or a proxy before it, wants a login. */
export function hasLogin({ authentication }: Pick<Server, 'authentication'>): boolean {
  return authentication.kind !== 'none';
}

/** Waits for all before it rejects. One after the other, a rejection nobody awaits yet ends the process. */
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
    what: `${name} was added, but not all of it could be stored.`,
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

/** Headers that belong to the connection itself. */
const ownHeaders = /^(host|connection|upgrade|content-.*|transfer-encoding|te|trailer|expect|sec-.*)$/i;

/** Throws a `BridgeError` for a login that HTTP could not carry. */
function checkLogin({ authentication, secret, moreSecrets = [] }: ServerDetails): void {
  if (authentication.kind === 'none' || authentication.kind === 'basic') return;
  const names = loginHeaders(authentication);
  const own = names.find((name) => ownHeaders.test(name));
  if (own !== undefined) throw new BridgeError(`The header ${own} cannot carry a login; name another one.`);
  const twice = names.find((name, place) => names.findIndex((other) => isSameName(name, other)) !== place);
  if (twice !== undefined)
    throw new BridgeError(`The header ${twice} is there twice; it can be sent only once.`);
  if ([secret, ...moreSecrets].some((value) => value !== null && !/^[ -~]*$/.test(value)))
    throw new BridgeError('A token consists of plain letters, digits and signs; this one has others.');
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function sameOrigin(a: string, b: string): boolean {
  return new URL(a).origin === new URL(b).origin;
}
