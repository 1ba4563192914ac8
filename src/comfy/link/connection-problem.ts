import type { ConnectionProblem } from '../../domain/server.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { harmless, isObject } from '../wire/wire-values.ts';

type ProblemKind = ConnectionProblem['kind'];

/** Characters. */
const maxDetailLength = 300;

/** A problem with a bounded, technical detail. */
export function connectionProblem(
  kind: ProblemKind,
  detail: string,
  status: number | null = null,
): ConnectionProblem {
  return { kind, detail: harmless(detail, maxDetailLength), status };
}

/**
 * Classifies what Node's networking, its TLS, `fetch` (undici) or `ws` rejected with. `fetch` wraps the
 * cause in a `TypeError: fetch failed`, happy eyeballs wraps several in an `AggregateError`.
 */
export function problemOfError(error: unknown): ConnectionProblem {
  const chain = causesOf(error);
  for (const cause of chain) {
    const kind = kindOfCode(cause.code);
    if (kind) return connectionProblem(kind, detailOf(cause));
  }
  const [first = { code: '', message: causeText(error), name: '' }] = chain;
  if (chain.some(({ name }) => name === 'TimeoutError')) return connectionProblem('timeout', detailOf(first));
  // The same as `HPE_…`, but from `fetch`, which leaves the code out.
  if (chain.some(({ name }) => name === 'HTTPParserError'))
    return connectionProblem('not-comfyui', detailOf(chain.at(-1) ?? first));
  if (isProxyLogin(chain))
    return connectionProblem('unauthorized', 'fetch failed: proxy authentication required', 407);
  if (chain.some(({ message }) => /timed out/i.test(message)))
    return connectionProblem('timeout', detailOf(first));
  if (chain.some(({ message }) => /socket hang up|other side closed/i.test(message)))
    return connectionProblem('closed', detailOf(first));
  // What is left are handshakes that went wrong in `ws`: an answer, but not that of a ComfyUI server.
  if (chain.some(({ message }) => /Sec-WebSocket|Upgrade header|subprotocol|redirect/i.test(message)))
    return connectionProblem('not-comfyui', detailOf(first));
  return connectionProblem('unreachable', detailOf(first));
}

/** An HTTP answer where another one was expected, to a request for `url`, which is called `route` in messages. */
export interface UnexpectedAnswer {
  status: number;
  /** The `Location` header. */
  location?: string | null | undefined;
  url: string;
  route: string;
}

/** Classifies an HTTP answer where a WebSocket handshake or a JSON document was expected. */
export function problemOfAnswer({
  status,
  location = null,
  url,
  route,
}: UnexpectedAnswer): ConnectionProblem {
  const detail = `${route} answered with HTTP status ${status}`;
  if (status >= 300 && status < 400 && location !== null)
    return problemOfRedirect({ status, location, url, route });
  if (status === 401 || status === 407) return connectionProblem('unauthorized', detail, status);
  if (status === 403) return connectionProblem('forbidden', detail, status);
  if (status === 408) return connectionProblem('timeout', detail, status);
  if (status === 429 || status >= 500) return connectionProblem('server-error', detail, status);
  // 404, a page (200) or a redirect, often to a login page: another program lives there.
  return connectionProblem('not-comfyui', detail, status);
}

/**
 * Tells where a redirect leads: to the same route elsewhere (https, another host), or to a page, which is a login
 * then. It is never followed: credentials are for the address that the user entered.
 */
function problemOfRedirect({
  status,
  location,
  url,
  route,
}: UnexpectedAnswer & { location: string }): ConnectionProblem {
  const from = URL.parse(url.replace(/^ws/, 'http'));
  const to = from && URL.parse(location, from.href);
  const sent = `${route} answered with HTTP status ${status}, which leads`;
  if (!from || !to || !/^https?:$/.test(to.protocol))
    return connectionProblem('not-comfyui', `${sent} nowhere`, status);
  const [path, base] = [withoutSlash(to.pathname), withoutSlash(from.pathname)];
  if (path === base) {
    if (to.origin === from.origin)
      return connectionProblem('not-comfyui', `${sent} to the same address`, status);
    const isSecured = to.hostname === from.hostname && to.protocol === 'https:';
    if ((isSecured || status === 301 || status === 308) && path.endsWith(route))
      return {
        ...connectionProblem('moved', `${sent} to ${to.origin}`, status),
        address: to.origin + path.slice(0, path.length - route.length),
      };
  }
  // The rest of the address can hold tickets.
  const shown = to.origin === from.origin ? to.pathname : to.origin;
  return { ...connectionProblem('login', `${sent} to ${shown}`, status), address: to.origin };
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

/** Whether a web page asks for a login. */
export function isLoginPage(html: string): boolean {
  const beginning = html.slice(0, 100_000);
  return (
    /<input\b[^>]{0,500}\btype\s*=\s*["']?password/i.test(beginning) ||
    /<title\b[^>]{0,100}>[^<]{0,200}\b(log[ -]?[io]n|sign[ -]?in|anmeld|authenticat|access denied)/i.test(
      beginning,
    )
  );
}

/** Classifies how an established socket was closed; 1006 means without a word. */
export function problemOfClose(code: number, reason: string): ConnectionProblem {
  const said = reason === '' ? '' : `: ${reason}`;
  if (code === 1002 || code === 1003 || code === 1007 || code === 1009)
    return connectionProblem('protocol', `the server closed the connection with code ${code}${said}`);
  return connectionProblem('closed', `the connection was closed with code ${code}${said}`);
}

function kindOfCode(code: string): ProblemKind | null {
  const kind = kindsByCode.get(code);
  if (kind) return kind;
  // `ws` found a frame that is oversized or breaks RFC 6455.
  if (code.startsWith('WS_ERR_')) return 'protocol';
  // Node's HTTP parser met something that is not HTTP.
  if (code.startsWith('HPE_')) return 'not-comfyui';
  if (/CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|SELF_SIGNED|UNABLE_TO_/.test(code)) return 'tls';
  return null;
}

const kindsByCode: ReadonlyMap<string, ProblemKind> = new Map([
  ['ENOTFOUND', 'name-not-found'],
  ['EAI_AGAIN', 'name-not-found'],
  ['EAI_NODATA', 'name-not-found'],
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['EACCES', 'unreachable'],
  ['EPERM', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'closed'],
  ['EPIPE', 'closed'],
  ['UND_ERR_SOCKET', 'closed'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'closed'],
  ['ERR_INVALID_URL', 'address'],
  ['ERR_SOCKET_BAD_PORT', 'address'],
]);

/**
 * True for all that `fetch` lets out of status 407: a cause without a word in Node 24, which has one of
 * these for a 206 that was not asked for, too; in later versions of undici it has the words.
 */
function isProxyLogin(chain: readonly Cause[]): boolean {
  const [outer, cause, ...more] = chain;
  if (outer?.message !== 'fetch failed' || !cause || more.length > 0 || cause.code !== '') return false;
  return cause.message === '' || cause.message === 'proxy authentication required';
}

interface Cause {
  code: string;
  message: string;
  name: string;
}

/** Errors that are looked through, each the cause of another. */
const maxCauses = 10;

/** The error and everything it wraps, outermost first. */
function causesOf(error: unknown): Cause[] {
  const causes: Cause[] = [];
  const open: unknown[] = [error];
  while (open.length > 0 && causes.length < maxCauses) {
    const next = open.shift();
    if (!isObject(next)) continue;
    const { code, message, name, cause, errors } = next;
    causes.push({ code: stringOf(code), message: stringOf(message), name: stringOf(name) });
    open.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  return causes;
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function detailOf({ code, message }: Cause): string {
  // Node adds advice about its own command line.
  const said = (message.split('\n')[0] ?? '').replace(/;? (if the root CA|try running) .*$/i, '');
  if (code === '' || said.includes(code)) return said === '' ? code : said;
  return said === '' ? code : `${code}: ${said}`;
}
