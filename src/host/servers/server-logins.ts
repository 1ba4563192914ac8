import { headerSecret, headerValues } from '../../comfy/link/server-access.ts';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { ServerDetails } from '../../contract/server-details.ts';
import { loginHeaders, type Server } from '../../domain/server.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';
import type { SecretVault } from '../storage/secret-vault.ts';

export interface ServerLoginsOptions {
  vault: SecretVault;
  /** Whether a server outlives this run: of one that does not, the secret would never be found again. */
  isRemembered: (serverId: string) => boolean;
  log: (line: string) => void;
}

/** The secrets of servers' logins: what was entered, put together with what is stored. Throws `BridgeError`s. */
export interface ServerLogins {
  /**
   * The secret for an address: the entered one, else the stored one of `server` – for the same
   * origin only, so that an edited address cannot carry a password elsewhere.
   */
  secretFor(server: Server | undefined, url: string, details: ServerDetails): string | null;
  /**
   * The values of headers that were entered and those that are stored for the same names, as one secret; null if
   * nothing was entered and all stays as it is. Throws if one is missing.
   */
  withStored(details: ServerDetails, server: Server | undefined, url: string): ServerDetails;
  /**
   * Stores the entered secret of a server before it is reached again. Without one, the stored secret stays
   * where it is if it still fits; else it is forgotten, whether the key store is open or not.
   */
  store(serverId: string, before: Server | undefined, url: string, details: ServerDetails): Promise<void>;
  forget(serverId: string): Promise<void>;
}

export function createServerLogins({ vault, isRemembered, log }: ServerLoginsOptions): ServerLogins {
  async function keepSecret(serverId: string, secret: string | null): Promise<void> {
    await vault.set(serverId, secret, isRemembered(serverId)).catch((cause) => {
      log(`a secret could not be stored: ${causeText(cause)}`);
      throw new BridgeError(secret === null ? t('host.login.not_deleted') : t('host.login.not_stored'));
    });
  }

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
      throw new BridgeError(t('host.login.header_missing', { name: missing }));
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
    secretFor(server, url, details) {
      const { authentication } = details;
      if (authentication.kind === 'none') return null;
      checkLogin(details);
      const stored = server && fits(server, url, authentication) ? vault.get(server.id) : null;
      return withStored(details, server, url).secret ?? stored;
    },
    withStored,
    store(serverId, before, url, { authentication, secret }) {
      if (authentication.kind === 'none') return keepSecret(serverId, null);
      const stays = before !== undefined && fits(before, url, authentication);
      return secret === null && stays ? Promise.resolve() : keepSecret(serverId, secret);
    },
    forget: (serverId) => keepSecret(serverId, null),
  };
}

/** A password is no token, and what was meant for one host must not reach another. */
function fits(server: Server, url: string, wanted: Server['authentication']): boolean {
  const { authentication } = server;
  if (authentication.kind !== wanted.kind || !sameOrigin(server.url, url)) return false;
  return namesKey(authentication) === namesKey(wanted);
}

/** What was entered for each part of a login: for its one secret, or for each of its headers. */
export function enteredSecrets({
  authentication,
  secret,
  moreSecrets = [],
}: ServerDetails): (string | null)[] {
  const more = loginHeaders(authentication).slice(1);
  return [secret, ...more.map((_, place) => moreSecrets[place] ?? null)];
}

/** Whether some of the stored values, and not all as they are, are to be kept, so that they have to be known. */
export function keepsPart(details: ServerDetails, before: Server, url: string): boolean {
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

/** Headers that belong to the connection itself. */
const ownHeaders = /^(host|connection|upgrade|content-.*|transfer-encoding|te|trailer|expect|sec-.*)$/i;

/** Throws a `BridgeError` for a login that HTTP could not carry. */
export function checkLogin({ authentication, secret, moreSecrets = [] }: ServerDetails): void {
  if (authentication.kind === 'none' || authentication.kind === 'basic') return;
  const names = loginHeaders(authentication);
  const own = names.find((name) => ownHeaders.test(name));
  if (own !== undefined) throw new BridgeError(t('host.login.header_own', { name: own }));
  const twice = names.find((name, place) => names.findIndex((other) => isSameName(name, other)) !== place);
  if (twice !== undefined) throw new BridgeError(t('host.login.header_twice', { name: twice }));
  if ([secret, ...moreSecrets].some((value) => value !== null && !/^[ -~]*$/.test(value)))
    throw new BridgeError(t('host.login.token'));
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function sameOrigin(a: string, b: string): boolean {
  return new URL(a).origin === new URL(b).origin;
}
