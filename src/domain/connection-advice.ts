import { t } from '../language/t.ts';
import type { ConnectionProblem } from './server.ts';
import { defaultServerUrl, hostOf, isOnThisComputer } from './server-address.ts';

/** A problem in three sentences for people: what happened, why, and what to do next. */
export interface ProblemExplanation {
  what: string;
  why: string;
  next: string;
}

/**
 * Says in plain words what stands between us and the server at `url`. `platform` is that of the host, as
 * Node names it; null for advice that fits everywhere.
 */
export function explainProblem(
  problem: ConnectionProblem,
  url: string,
  platform: string | null = null,
): ProblemExplanation {
  const { status } = problem;
  switch (problem.kind) {
    case 'address':
      return {
        what: t('servers.problem.address.what', { url }),
        why: t('servers.problem.address.why'),
        next: t('servers.problem.address.next', { url: defaultServerUrl }),
      };
    case 'name-not-found':
      return {
        what: t('servers.problem.name.what', { host: hostOf(url) }),
        why: t('servers.problem.name.why'),
        next: t('servers.problem.name.next'),
      };
    case 'refused':
      return {
        what: t('servers.problem.refused.what', { url }),
        why: t('servers.problem.refused.why'),
        next: isOnThisComputer(url)
          ? t('servers.problem.refused.next_here')
          : t('servers.problem.refused.next'),
      };
    case 'unreachable':
      // macOS 15 asks before an app may use the local network; without leave there is no route to it.
      if (platform === 'darwin' && isInLocalNetwork(url))
        return {
          what: t('servers.problem.unreachable.what', { host: hostOf(url) }),
          why: t('servers.problem.unreachable.why_mac'),
          next: t('servers.problem.unreachable.next_mac'),
        };
      return {
        what: t('servers.problem.unreachable.what', { host: hostOf(url) }),
        why: t('servers.problem.unreachable.why'),
        next: t('servers.problem.unreachable.next'),
      };
    case 'timeout':
      return {
        what: t('servers.problem.timeout.what', { url }),
        why: t('servers.problem.timeout.why'),
        next: t('servers.problem.timeout.next'),
      };
    case 'tls':
      return {
        what: t('servers.problem.tls.what', { url }),
        why: t('servers.problem.tls.why', { detail: problem.detail }),
        next: t('servers.problem.tls.next'),
      };
    case 'unauthorized':
      // Ours is a login for the server; proxies want one of their own.
      if (status === 407)
        return {
          what: t('servers.problem.proxy_login.what', { url }),
          why: t('servers.problem.proxy_login.why'),
          next: t('servers.problem.proxy_login.next'),
        };
      return {
        what: t('servers.problem.unauthorized.what', { url, status: inBrackets(status) }),
        why: t('servers.problem.unauthorized.why'),
        next: t('servers.problem.unauthorized.next'),
      };
    case 'forbidden':
      return {
        what: t('servers.problem.forbidden.what', { url, status: inBrackets(status) }),
        why: t('servers.problem.forbidden.why'),
        next: t('servers.problem.forbidden.next'),
      };
    case 'login': {
      const { address } = problem;
      return {
        what: t('servers.problem.login.what', { url, status: inBrackets(status) }),
        why:
          address === undefined || isSameHost(address, url)
            ? t('servers.problem.login.why')
            : t('servers.problem.login.why_host', { host: hostOf(address) }),
        next: t('servers.problem.login.next'),
      };
    }
    case 'moved':
      return problem.address?.startsWith('https:') && isSameHost(problem.address, url)
        ? {
            what: t('servers.problem.moved.https.what', { host: hostOf(url), status: inBrackets(status) }),
            why: t('servers.problem.moved.https.why', { from: url, to: problem.address }),
            next: t('servers.problem.moved.https.next'),
          }
        : {
            what: t('servers.problem.moved.what', { url, status: inBrackets(status) }),
            why: t('servers.problem.moved.why', {
              to: problem.address ?? t('servers.problem.moved.elsewhere'),
            }),
            next: t('servers.problem.moved.next'),
          };
    case 'no-websocket':
      return {
        what: t('servers.problem.websocket.what', { url }),
        why:
          status === null
            ? t('servers.problem.websocket.why_failed', { detail: problem.detail })
            : t('servers.problem.websocket.why_status', { status }),
        next: t('servers.problem.websocket.next'),
      };
    case 'not-comfyui':
      return {
        what: t('servers.problem.other.what', { url, status: inBrackets(status) }),
        why:
          status !== null && status >= 300 && status < 400
            ? t('servers.problem.other.why_sent')
            : t('servers.problem.other.why'),
        next: t('servers.problem.other.next'),
      };
    case 'server-error':
      return {
        what: t('servers.problem.server_error.what', { url, status: inBrackets(status) }),
        why: t('servers.problem.server_error.why'),
        next: t('servers.problem.server_error.next'),
      };
    case 'protocol':
      return {
        what: t('servers.problem.protocol.what', { url }),
        why: t('servers.problem.protocol.why', { detail: problem.detail }),
        next: t('servers.problem.protocol.next'),
      };
    case 'silent':
      return {
        what: t('servers.problem.silent.what', { url }),
        why: t('servers.problem.silent.why'),
        next: t('servers.problem.silent.next'),
      };
    case 'closed':
      return {
        what: t('servers.problem.closed.what', { url }),
        why: t('servers.problem.closed.why'),
        next: t('servers.problem.closed.next'),
      };
  }
}

function isSameHost(a: string, b: string): boolean {
  return hostOf(a).toLowerCase() === hostOf(b).toLowerCase();
}

function inBrackets(status: number | null): string {
  return status === null ? '' : t('servers.problem.status', { status });
}

/** Private and link-local addresses, names without a domain, and the domains that only local networks have. */
function isInLocalNetwork(url: string): boolean {
  const host = hostOf(url).toLowerCase();
  if (isOnThisComputer(url)) return false;
  if (host.startsWith('[')) return /^\[f(e[89ab]|[cd][0-9a-f])[0-9a-f]{0,2}:/.test(host);
  if (/^[\d.]+$/.test(host)) return /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  return !host.includes('.') || /\.(local|lan|home|internal|fritz\.box|home\.arpa)$/.test(host);
}
