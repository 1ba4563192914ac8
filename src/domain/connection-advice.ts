import type { ConnectionProblem } from './server.ts';
import { defaultServerUrl, hostOf, isOnThisComputer } from './server-address.ts';

/** A problem in three sentences for people: what happened, why, and what to do next. */
export interface ProblemExplanation {
  what: string;
  why: string;
  next: string;
}

/**
 * Says in plain English what stands between us and the server at `url`. `platform` is that of the host, as
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
        what: `${url} cannot be used as an address.`,
        why: 'It is not a web address with a host and a port.',
        next: `Correct the address; ComfyUI on this computer is usually at ${defaultServerUrl}.`,
      };
    case 'name-not-found':
      return {
        what: `No computer named “${hostOf(url)}” was found.`,
        why: 'The name is misspelt, or this computer is not in the network that knows it.',
        next: 'Check the spelling and your network or VPN, or enter the IP address instead.',
      };
    case 'refused':
      return {
        what: `Nothing is listening at ${url}.`,
        why: 'ComfyUI is not running there, or it uses another port.',
        next: isOnThisComputer(url)
          ? 'Start ComfyUI, or correct the address: the port is in the last line that ComfyUI prints at its start.'
          : 'Start ComfyUI there with --listen so that other computers may connect, or correct the address.',
      };
    case 'unreachable':
      // macOS 15 asks before an app may use the local network; without leave there is no route to it.
      if (platform === 'darwin' && isInLocalNetwork(url))
        return {
          what: `${hostOf(url)} cannot be reached.`,
          why: 'The computer is switched off or asleep, or macOS does not let Comfy Monitor use the local network.',
          next: 'Check that it is on, and allow Comfy Monitor in System Settings → Privacy & Security → Local Network.',
        };
      return {
        what: `${hostOf(url)} cannot be reached.`,
        why: 'The computer is switched off or asleep, or there is no network connection to it.',
        next: 'Check that it is on and that you are in the same network or VPN; we keep trying.',
      };
    case 'timeout':
      return {
        what: `${url} did not answer in time.`,
        why: 'The computer is off, a firewall swallows the connection, or the server is overloaded.',
        next: 'Check that the computer is on and that its firewall lets this port through.',
      };
    case 'tls':
      return {
        what: `No secure connection to ${url} could be made.`,
        why: `Its certificate is not trusted, or it does not speak https (${problem.detail}).`,
        next: 'Choose “Test connection” in its settings: you can then trust its own certificate. Or try http://.',
      };
    case 'unauthorized':
      // Ours is a login for the server; proxies want one of their own.
      if (status === 407)
        return {
          what: `A proxy before ${url} asks for a login (status 407).`,
          why: 'It lets only those through who log in to it, which Comfy Monitor does not.',
          next: 'Have the proxy let this server through without a login, or use a VPN or SSH tunnel.',
        };
      return {
        what: `${url} asks for a password${inBrackets(status)}.`,
        why: 'A login or a proxy protects this server, and ours is missing or not the right one.',
        next: 'Under “Login” in its settings, enter its password or token.',
      };
    case 'forbidden':
      return {
        what: `${url} refuses us${inBrackets(status)}.`,
        why: 'The server or a proxy before it does not let this computer in.',
        next: 'Allow this computer there, check the login in its settings, or use a VPN or SSH tunnel.',
      };
    case 'login': {
      const place =
        problem.address === undefined || isSameHost(problem.address, url)
          ? 'a login page'
          : hostOf(problem.address);
      return {
        what: `${url} wants you to log in${inBrackets(status)}.`,
        why: `Instead of ComfyUI we got ${place === 'a login page' ? place : `sent to ${place}, most likely a login page`}.`,
        next: 'Under “Login” in its settings, enter a password, a token or the headers that it wants. Logging in with a browser helps only there.',
      };
    }
    case 'moved':
      return problem.address?.startsWith('https:') && isSameHost(problem.address, url)
        ? {
            what: `${hostOf(url)} wants https${inBrackets(status)}.`,
            why: `It sends us from ${url} to ${problem.address}, and a login is not taken along.`,
            next: 'Change the address in its settings to the one with https.',
          }
        : {
            what: `${url} has moved${inBrackets(status)}.`,
            why: `It sends us to ${problem.address ?? 'another address'}, and a login is not taken along.`,
            next: 'If you trust the new address, enter it in the settings of this server.',
          };
    case 'no-websocket':
      return {
        what: `WebSockets do not get through to ${url}.`,
        why: `${status === null ? `The connection fails (${problem.detail}).` : `The proxy answers ${status}.`} Jobs are read every few seconds instead; live progress and previews are missing.`,
        next: 'Turn on WebSocket support in the proxy (it has to pass on the Upgrade and Connection headers), or enter the address of ComfyUI itself.',
      };
    case 'not-comfyui':
      return {
        what: `Something answers at ${url}, but it is not ComfyUI${inBrackets(status)}.`,
        why:
          status !== null && status >= 300 && status < 400
            ? 'We were sent elsewhere, most likely to a login page.'
            : 'Another program uses this port, or the path before ComfyUI is missing from the address.',
        next: 'Open the address in a browser to see what is there, then correct host, port or path.',
      };
    case 'server-error':
      return {
        what: `${url} answered with an error${inBrackets(status)}.`,
        why: 'ComfyUI is still starting or has trouble, or the proxy before it cannot reach it.',
        next: 'Wait a moment; if it stays like this, look at the terminal in which ComfyUI runs.',
      };
    case 'protocol':
      return {
        what: `${url} sent data that cannot be accepted, so the connection was closed.`,
        why: `A message was far too large or broke the rules of the connection (${problem.detail}).`,
        next: 'We connect again; if it keeps happening, look for a misbehaving custom node or proxy.',
      };
    case 'silent':
      return {
        what: `${url} stopped answering.`,
        why: 'The network was cut, the computer fell asleep, or ComfyUI hangs.',
        next: 'We connect again on our own; check the computer and its network if this takes long.',
      };
    case 'closed':
      return {
        what: `${url} closed the connection.`,
        why: 'ComfyUI was stopped or is restarting, or a proxy cut the connection.',
        next: 'If ComfyUI does not come back by itself, start it again; we connect as soon as it answers.',
      };
  }
}

function isSameHost(a: string, b: string): boolean {
  return hostOf(a).toLowerCase() === hostOf(b).toLowerCase();
}

function inBrackets(status: number | null): string {
  return status === null ? '' : ` (status ${status})`;
}

/** Private and link-local addresses, names without a domain, and the domains that only local networks have. */
function isInLocalNetwork(url: string): boolean {
  const host = hostOf(url).toLowerCase();
  if (isOnThisComputer(url)) return false;
  if (host.startsWith('[')) return /^\[f(e[89ab]|[cd][0-9a-f])[0-9a-f]{0,2}:/.test(host);
  if (/^[\d.]+$/.test(host)) return /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  return !host.includes('.') || /\.(local|lan|home|internal|fritz\.box|home\.arpa)$/.test(host);
}
