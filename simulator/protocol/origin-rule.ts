import type { IncomingHttpHeaders } from 'node:http';

/**
 * ComfyUI's protection against foreign web pages (server.py, create_origin_only_middleware): cross-site fetches
 * are refused, and on a loopback host the Origin, where there is one, must match the Host.
 */
export function isForeign(headers: IncomingHttpHeaders): boolean {
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  const { host, origin } = headers;
  if (!host || !origin) return false;
  const own = parts(`http://${host.toLowerCase()}`);
  const asking = parts(origin.toLowerCase());
  if (!own || !asking || !isLoopback(own.name)) return false;
  const comparesPorts = own.port !== undefined && asking.port !== undefined;
  return comparesPorts ? own.name !== asking.name || own.port !== asking.port : own.name !== asking.name;
}

/** Host name and the port that is written out, if any; undefined for `null` and other opaque origins. */
function parts(address: string): { name: string; port: string | undefined } | undefined {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(address);
  return match?.[1] ? { name: match[1], port: match[2] } : undefined;
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name);
}
