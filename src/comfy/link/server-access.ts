import { X509Certificate } from 'node:crypto';
import { loginHeaders, type Server } from '../../domain/server.ts';
import { parseJson } from '../wire/json.ts';

/** How to reach a server, and what proves who we are and who it is. */
export interface ServerAccess {
  /** The server's base address. */
  url: string;
  /** Sent with every request and handshake. Secret: never logged, never shown to the page. */
  headers: Readonly<Record<string, string>>;
  /** The one certificate (PEM) trusted for this server, instead of those of known authorities. */
  certificate: string | null;
}

/** Access with what the user entered; `secret` is the token, password or what `headerSecret` makes of headers. */
export function accessTo(
  server: Pick<Server, 'url' | 'authentication' | 'certificate'>,
  secret: string | null,
): ServerAccess {
  return {
    url: server.url,
    headers: secret === null ? {} : authenticationHeaders(server.authentication, secret),
    certificate: server.certificate,
  };
}

function authenticationHeaders(method: Server['authentication'], secret: string): Record<string, string> {
  switch (method.kind) {
    case 'none':
      return {};
    case 'bearer':
      return { authorization: `Bearer ${secret}` };
    case 'basic': {
      const pair = Buffer.from(`${method.user}:${secret}`, 'utf8').toString('base64');
      return { authorization: `Basic ${pair}` };
    }
    case 'header': {
      const names = loginHeaders(method);
      const values = headerValues(names, secret);
      return Object.fromEntries(
        names.flatMap((name, place) => {
          const value = values[place];
          return value === undefined ? [] : [[name, value]];
        }),
      );
    }
  }
}

/** The values of several headers as one secret; that of a single one is as it is. */
export function headerSecret(values: readonly string[]): string {
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : JSON.stringify(values);
}

/** The values that `headerSecret` put together, in the order of the names; empty if it was made for others. */
export function headerValues(names: readonly string[], secret: string): string[] {
  if (names.length === 1) return [secret];
  try {
    const values = parseJson(secret);
    const texts = Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
    return texts.length === names.length ? texts : [];
  } catch {
    return [];
  }
}

/** TLS options that trust exactly one certificate, whatever name it was made out to. */
export function pinnedTls(certificate: string): {
  ca: string;
  allowPartialTrustChain: boolean;
  checkServerIdentity: (host: string, presented: { fingerprint256: string }) => Error | undefined;
} {
  const expected = fingerprintOf(certificate);
  return {
    ca: certificate,
    // Without this only self-signed ones are accepted, not those that a private authority issued.
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, presented) =>
      presented.fingerprint256 === expected
        ? undefined
        : Object.assign(new Error('the server presents another certificate than the trusted one'), {
            code: 'ERR_TLS_CERT_CHANGED',
          }),
  };
}

function fingerprintOf(certificate: string): string {
  try {
    return new X509Certificate(certificate).fingerprint256;
  } catch (cause) {
    throw Object.assign(new Error('the trusted certificate is damaged', { cause }), {
      code: 'ERR_TLS_CERT_DAMAGED',
    });
  }
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

interface PinnedFetch {
  fetch: Promise<Fetch>;
  close: () => void;
  timer: NodeJS.Timeout;
}
const pinnedFetches = new Map<string, PinnedFetch>();

/** Connections that were not used for so long are closed with all that belongs to them, ms. */
const unusedAfter = 60_000;

/** `fetch` that trusts the server's own certificate where one is pinned. */
export async function fetchFor(certificate: string | null): Promise<Fetch> {
  if (certificate === null) return fetch;
  const known = pinnedFetches.get(certificate);
  if (known) {
    known.timer.refresh();
    return known.fetch;
  }
  const made = pinnedFetch(certificate);
  const entry: PinnedFetch = {
    fetch: made.then((pinned) => pinned.fetch),
    close: () => void made.then((pinned) => pinned.close()).catch(() => {}),
    timer: setTimeout(() => {
      pinnedFetches.delete(certificate);
      entry.close();
    }, unusedAfter).unref(),
  };
  pinnedFetches.set(certificate, entry);
  return entry.fetch;
}

/** Loaded only where it is needed: Node's own `fetch` cannot be told what to trust. */
async function pinnedFetch(certificate: string): Promise<{ fetch: Fetch; close: () => Promise<void> }> {
  const { Agent } = await import('undici');
  const dispatcher = new Agent({ connect: pinnedTls(certificate) });
  return {
    fetch: (url, init) => fetch(url, Object.assign({}, init, { dispatcher })),
    // What is under way is finished.
    close: () => dispatcher.close(),
  };
}
