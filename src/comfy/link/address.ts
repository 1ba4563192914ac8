import { type ParsedAddress, parseServerAddress as parseWith } from '../../domain/server-address.ts';

/** Makes a server's base URL of what a person types or pastes. */
export function parseServerAddress(input: string): ParsedAddress {
  return parseWith(input, (text) => URL.parse(text));
}

/** The address of the server's socket for one client id. */
export function socketUrl(serverUrl: string, clientId: string): string {
  // http → ws, https → wss.
  return `${serverUrl.replace(/^http/, 'ws')}/ws?clientId=${encodeURIComponent(clientId)}`;
}

/** The address of a REST route such as `/history`, below the server's path prefix. */
export function restUrl(
  serverUrl: string,
  route: string,
  query: Readonly<Record<string, string | number>> = {},
): string {
  const search = Object.entries(query)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&');
  return `${serverUrl}${route}${search === '' ? '' : `?${search}`}`;
}

/** True for two spellings of one address, such as `localhost` and `127.0.0.1`. */
export function isSameAddress(a: string, b: string): boolean {
  return comparable(a) === comparable(b);
}

function comparable(url: string): string {
  return url.replace(/^(https?:\/\/)localhost(?=[:/]|$)/, '$1127.0.0.1');
}
