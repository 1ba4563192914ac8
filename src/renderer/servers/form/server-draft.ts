import type { ServerDetails } from '../../../contract/server-details.ts';
import { type Authentication, loginHeaders, type Server, serverColors } from '../../../domain/server.ts';
import { serverNameOf } from '../../../domain/server-address.ts';
import { t } from '../../../language/t.ts';
import { typedAddress } from './typed-address.ts';

export type LoginKind = Authentication['kind'];

/** A server as it is being typed. */
export interface ServerDraft {
  url: string;
  name: string;
  color: Server['color'];
  login: LoginKind;
  user: string;
  /** At least one. */
  headers: HeaderDraft[];
  /** Token, password or header value as typed; empty keeps the stored one, where that is possible. */
  secret: string;
  certificate: string | null;
  /** Null leaves it to what the server reports. */
  outputFolder: string | null;
}

/** A header of a login as it is being typed; an empty value keeps the stored one of the same name, if there is one. */
export interface HeaderDraft {
  /** Identifies its row of the form. */
  id: number;
  name: string;
  value: string;
}

/** What is wrong, by field; of headers by their place. */
export type DraftErrors = Partial<Record<'url' | 'user' | 'secret', string>> & {
  headers?: { name?: string; value?: string }[];
};

export function newDraft(servers: readonly Server[]): ServerDraft {
  const taken = new Set(servers.map((server) => server.color));
  return {
    url: '',
    name: '',
    color: serverColors.find((color) => !taken.has(color)) ?? 'blue',
    login: 'none',
    user: '',
    headers: [emptyHeader(0)],
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
    headers: headersOf(authentication),
    secret: '',
    certificate,
    outputFolder,
  };
}

export function emptyHeader(id: number): HeaderDraft {
  return { id, name: '', value: '' };
}

function headersOf(authentication: Authentication): HeaderDraft[] {
  const names = loginHeaders(authentication);
  return names.length === 0 ? [emptyHeader(0)] : names.map((name, id) => ({ id, name, value: '' }));
}

/** Whether the stored value of that header is used when none is typed. */
export function keepsHeader(draft: ServerDraft, server: Server | null, name: string): boolean {
  const names = server ? loginHeaders(server.authentication) : [];
  return keepsSecret(draft, server) && names.some((known) => isSameName(known, name.trim()));
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
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
  if (draft.url.trim() === '') errors.url = t('servers.form.address.missing');
  if (draft.login === 'basic' && draft.user.includes(':')) errors.user = t('servers.form.user.colon');
  if (draft.login === 'header') {
    const headers = draft.headers.map((header, place) => headerErrors(draft, server, header, place));
    if (headers.some((found) => Object.keys(found).length > 0)) errors.headers = headers;
  }
  // There are empty passwords, but no empty tokens.
  if (draft.login === 'bearer' && draft.secret === '' && !keepsSecret(draft, server))
    errors.secret = t('servers.form.token.missing');
  return errors;
}

function headerErrors(
  draft: ServerDraft,
  server: Server | null,
  { name, value }: HeaderDraft,
  place: number,
): { name?: string; value?: string } {
  const before = draft.headers.slice(0, place);
  const nameError = !/^[A-Za-z0-9-]+$/.test(name.trim())
    ? t('servers.form.header.wrong')
    : before.some((other) => isSameName(other.name.trim(), name.trim()))
      ? t('servers.form.header.twice')
      : null;
  return {
    ...(nameError === null ? {} : { name: nameError }),
    ...(value === '' && !keepsHeader(draft, server, name) ? { value: t('servers.form.header.value') } : {}),
  };
}

/** What is sent to the host. */
export function detailsOf(draft: ServerDraft, server: Server | null): ServerDetails {
  const [first, ...more] = draft.headers.map(({ name, value }) =>
    value === '' && keepsHeader(draft, server, name) ? null : value,
  );
  if (draft.login === 'header')
    return {
      color: draft.color,
      authentication: authenticationOf(draft),
      secret: first ?? null,
      ...(more.length === 0 ? {} : { moreSecrets: more }),
      certificate: draft.certificate,
      outputFolder: draft.outputFolder,
    };
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
    JSON.stringify(a.headers) === JSON.stringify(b.headers) &&
    a.secret === b.secret &&
    a.certificate === b.certificate
  );
}

function authenticationOf({ login, user, headers }: ServerDraft): Authentication {
  switch (login) {
    case 'none':
    case 'bearer':
      return { kind: login };
    case 'basic':
      return { kind: login, user };
    case 'header': {
      const [name = '', ...more] = headers.map((header) => header.name.trim());
      return { kind: login, name, ...(more.length === 0 ? {} : { more }) };
    }
  }
}

function originOf(typed: string): string | null {
  const address = typedAddress(typed);
  return address === null ? null : (URL.parse(address)?.origin ?? null);
}
