import type { ServerDetails } from '../../shared/bridge.ts';
import { type Authentication, type Server, serverColors } from '../../shared/server.ts';
import { serverNameOf } from '../../shared/server-address.ts';
import { typedAddress } from './typed-address.ts';

export type LoginKind = Authentication['kind'];

/** A server as it is being typed. */
export interface ServerDraft {
  url: string;
  name: string;
  color: Server['color'];
  login: LoginKind;
  user: string;
  headerName: string;
  /** Token, password or header value as typed; empty keeps the stored one, where that is possible. */
  secret: string;
  certificate: string | null;
  /** Null leaves it to what the server reports. */
  outputFolder: string | null;
}

/** Fields that can be wrong. */
export type DraftField = 'url' | 'user' | 'headerName' | 'secret';
export type DraftErrors = Partial<Record<DraftField, string>>;

export function newDraft(servers: readonly Server[]): ServerDraft {
  const taken = new Set(servers.map((server) => server.color));
  return {
    url: '',
    name: '',
    color: serverColors.find((color) => !taken.has(color)) ?? 'blue',
    login: 'none',
    user: '',
    headerName: '',
    secret: '',
    certificate: null,
    outputFolder: null,
  };
}

export function draftOf(server: Server): ServerDraft {
  const { url, name, color, authentication, certificate, outputFolder } = server;
  return {
    url,
    name,
    color,
    login: authentication.kind,
    user: authentication.kind === 'basic' ? authentication.user : '',
    headerName: authentication.kind === 'header' ? authentication.name : '',
    secret: '',
    certificate,
    outputFolder,
  };
}

/**
 * Whether the stored secret is used when none is typed. Only for the login it was entered for, and only
 * for the same host and port: the host sends no password to an address it was not meant for.
 */
export function keepsSecret(draft: ServerDraft, server: Server | null): boolean {
  if (!server || draft.login === 'none' || draft.login !== server.authentication.kind) return false;
  const typed = originOf(draft.url);
  return typed !== null && typed === originOf(server.url);
}

/** What is missing or cannot be right. The host checks again, and more; this is about being quick. */
export function draftErrors(draft: ServerDraft, server: Server | null): DraftErrors {
  const errors: DraftErrors = {};
  if (draft.url.trim() === '') errors.url = 'Enter the address that opens ComfyUI in your browser.';
  if (draft.login === 'basic' && draft.user.includes(':'))
    errors.user = 'A user name cannot contain a colon.';
  if (draft.login === 'header' && !/^[A-Za-z0-9-]+$/.test(draft.headerName.trim()))
    errors.headerName = 'The name of a header consists of letters, digits and hyphens, like X-Api-Key.';
  // There are empty passwords, but no empty tokens.
  const secretNeeded = draft.login === 'bearer' || draft.login === 'header';
  if (secretNeeded && draft.secret === '' && !keepsSecret(draft, server))
    errors.secret = `Enter the ${secretName(draft.login)}.`;
  return errors;
}

export function secretName(login: LoginKind): string {
  return { none: '', bearer: 'token', basic: 'password', header: 'value' }[login];
}

/** What the host is told. */
export function detailsOf(draft: ServerDraft, server: Server | null): ServerDetails {
  return {
    color: draft.color,
    authentication: authenticationOf(draft),
    secret:
      draft.login === 'none' || (draft.secret === '' && keepsSecret(draft, server)) ? null : draft.secret,
    certificate: draft.certificate,
    outputFolder: draft.outputFolder,
  };
}

/** The name to be stored; without one, a server is called by its address, as the host does for new ones. */
export function nameOf(draft: ServerDraft): string | null {
  const address = typedAddress(draft.url);
  return draft.name.trim() || (address === null ? null : serverNameOf(address));
}

/** True if the two drafts reach a server in the same way, so that a test of one holds for the other. */
export function reachesAlike(a: ServerDraft, b: ServerDraft): boolean {
  return (
    a.url.trim() === b.url.trim() &&
    a.login === b.login &&
    a.user === b.user &&
    a.headerName === b.headerName &&
    a.secret === b.secret &&
    a.certificate === b.certificate
  );
}

function authenticationOf({ login, user, headerName }: ServerDraft): Authentication {
  switch (login) {
    case 'none':
    case 'bearer':
      return { kind: login };
    case 'basic':
      return { kind: login, user };
    case 'header':
      return { kind: login, name: headerName.trim() };
  }
}

function originOf(typed: string): string | null {
  const address = typedAddress(typed);
  return address === null ? null : (URL.parse(address)?.origin ?? null);
}
