import { t } from '../language/t.ts';
import { clip } from './text/clip.ts';

/** What became of an address as a person typed it: a base URL without trailing slash, or why not. */
export type ParsedAddress = { ok: true; url: string } | { ok: false; message: string };

/** The parts of a URL that are needed here. */
interface UrlParts {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
}

/** `URL.parse` of the caller: page and host have the same one, this room has none. */
export type UrlParser = (text: string) => UrlParts | null;

/** Where ComfyUI listens unless set otherwise. */
const defaultPort = 8188;
/** ComfyUI on this computer. */
export const defaultServerUrl = `http://127.0.0.1:${defaultPort}`;
/** Characters of an address. */
const maxLength = 2048;

/**
 * Makes a server's base URL of what a person types or pastes: `localhost`, `gpu-box:8188`,
 * `https://host/comfy/`, `ws://host:8188/ws?clientId=…`, `::1`. Without scheme and port it is the port
 * ComfyUI uses by default. Query, fragment, and the endings `/ws` and `/api` are dropped.
 */
export function parseServerAddress(input: string, parseUrl: UrlParser): ParsedAddress {
  const text = input.trim();
  if (text === '') return refuse(t('servers.address.enter'));
  // `URL` would quietly drop tabs and line breaks, and show a different address than was typed.
  if (text.length > maxLength || /[\s\p{Cc}]/u.test(text)) return notAnAddress(text);

  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const http = scheme === undefined ? 'http' : httpSchemes.get(scheme);
  if (http === undefined) return refuse(t('servers.address.scheme', { scheme: `${scheme}` }));
  const rest = scheme === undefined ? withDefaultPort(text) : text.slice(scheme.length + 3);

  const url = parseUrl(`${http}://${rest}`);
  // `URL` makes a host of the path in `http:///path`, and 0.0.31.252 of a port alone (`8188`).
  if (!url || /^(\d+(:\d*)?)?$/.test(authorityOf(rest))) return notAnAddress(text);
  if (url.username !== '' || url.password !== '' || authorityOf(rest).includes('@'))
    return refuse(t('servers.address.password'));
  const host = connectable(url.hostname);
  if (!isHostName(host)) return notAnAddress(text);
  const port = url.port === '' ? '' : `:${url.port}`;
  const base = `${url.protocol}//${host}${port}${basePath(url.pathname)}`;
  // Encoding makes text up to nine times longer.
  return base.length > maxLength ? notAnAddress(text) : { ok: true, url: base };
}

/** Characters. */
const maxNameLength = 80;

/** What a server is called that was given no name: its base address without the scheme. */
export function serverNameOf(url: string): string {
  return url.replace(/^https?:\/\//, '').slice(0, maxNameLength);
}

const httpSchemes: ReadonlyMap<string, string> = new Map([
  ['http', 'http'],
  ['https', 'https'],
  ['ws', 'http'],
  ['wss', 'https'],
]);

function authorityOf(rest: string): string {
  return /^[^/?#\\]*/.exec(rest)?.[0] ?? '';
}

function withDefaultPort(text: string): string {
  const authority = authorityOf(text);
  const tail = text.slice(authority.length);
  // Two colons and no brackets: an IPv6 address as `ip addr` prints it.
  const host = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(authority) ? `[${authority}]` : authority;
  return /:\d+$/.test(host) ? host + tail : `${host}:${defaultPort}${tail}`;
}

/** ComfyUI prints `0.0.0.0` when it listens everywhere; only some systems can connect to that. */
function connectable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '[::]' ? '[::1]' : host;
}

function isHostName(host: string): boolean {
  return /^\[[0-9a-f:.]+\]$/.test(host) || /^[a-z0-9_][a-z0-9_-]*(\.[a-z0-9_][a-z0-9_-]*)*\.?$/.test(host);
}

function basePath(pathname: string): string {
  return pathname
    .replace(/\/+$/, '')
    .replace(/(\/(api|ws))+$/, '')
    .replace(/\/+$/, '');
}

function notAnAddress(text: string): ParsedAddress {
  return refuse(t('servers.address.none', { text: clip(text, 60) }));
}

function refuse(message: string): ParsedAddress {
  return { ok: false, message };
}

/**
 * A server's address as it may be given to a browser: http or https, and without a login, which no address is to show.
 * Null for any other.
 */
export function browserAddress(url: string, parseUrl: UrlParser): string | null {
  const parts = parseUrl(url);
  if (!parts || (parts.protocol !== 'http:' && parts.protocol !== 'https:') || parts.hostname === '')
    return null;
  const port = parts.port === '' ? '' : `:${parts.port}`;
  return `${parts.protocol}//${parts.hostname}${port}${parts.pathname}`;
}

/** True for an address that leads back to the computer itself; a tunnel can begin there, too. */
export function isOnThisComputer(url: string): boolean {
  return /^(localhost|\[::1\]|127(\.\d+){3})$/i.test(hostOf(url));
}

/** Without `URL`, which this room does not have: `http://[::1]:8188/x` → `[::1]`. */
export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1] ?? url;
}
