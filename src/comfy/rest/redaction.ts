import { type MonitorEvent, monitorEventSchema } from '../../domain/monitor-event.ts';
import { isObject } from '../wire/wire-values.ts';

/** Shorter ones are part of every other word, characters. */
const shortest = 4;
/** A part of a secret this long, at either end of a text that was cut there, is taken for one, characters. */
const shortestPart = 6;
const replacement = '(secret)';

/** What is under these keys names something and has to stay as it is. */
const names: ReadonlySet<string> = new Set([
  'type',
  'serverId',
  'promptId',
  'nodeId',
  'displayNodeId',
  'filename',
  'subfolder',
]);

/** Keeps the secrets with which a server is reached out of what it says: servers and proxies echo them. */
export interface Redaction {
  text(text: string): string;
  event(event: MonitorEvent): MonitorEvent;
  /** Anything; `parse` takes it back from the unknown if something was replaced. */
  value<T>(value: T, parse: (safe: unknown) => T): T;
}

/** For the headers that are sent to a server. */
export function redactionOf(headers: Readonly<Record<string, string>>): Redaction {
  const secrets = [...new Set(Object.values(headers).flatMap(secretsIn).flatMap(spellings))]
    .filter((secret) => secret.length >= shortest)
    .sort((a, b) => b.length - a.length);
  if (secrets.length === 0) return { text: (text) => text, event: (event) => event, value: (value) => value };
  const pattern = new RegExp(secrets.map((secret) => literally(secret)).join('|'), 'g');

  const text = (said: string): string => {
    const whole = said.replace(pattern, replacement);
    const end = secrets.find((secret) => partAtEnd(whole, secret) > 0);
    const kept = end === undefined ? whole : whole.slice(0, -partAtEnd(whole, end)) + replacement;
    const begin = secrets.find((secret) => partAtBegin(kept, secret) > 0);
    return begin === undefined ? kept : replacement + kept.slice(partAtBegin(kept, begin));
  };
  const redacted = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return names.has(key) ? value : text(value);
    if (Array.isArray(value)) {
      const parts = value.map((part) => redacted(part, key));
      return parts.some((part, place) => part !== value[place]) ? parts : value;
    }
    if (!isObject(value)) return value;
    const entries = Object.entries(value);
    const parts = entries.map(([name, part]) => [name, redacted(part, name)] as const);
    return parts.some(([, part], place) => part !== entries[place]?.[1]) ? Object.fromEntries(parts) : value;
  };
  function clean<T>(value: T, parse: (safe: unknown) => T): T {
    const safe = redacted(value, '');
    return safe === value ? value : parse(safe);
  }

  return {
    text,
    // What the user set is theirs, and nothing that a server said.
    event: (event) =>
      event.type === 'server_added' || event.type === 'server_changed'
        ? event
        : clean(event, (safe) => monitorEventSchema.parse(safe)),
    value: clean,
  };
}

/** What of a header is secret: its value, without the scheme of a login, and decoded; the parts of cookies. */
function secretsIn(value: string): string[] {
  const [, scheme = '', token = ''] = /^(\w+) (.+)$/.exec(value) ?? [];
  const pair = scheme === 'Basic' ? Buffer.from(token, 'base64').toString('utf8') : '';
  const password = pair.slice(pair.indexOf(':') + 1);
  const cookies = value.includes('=')
    ? value.split(/;\s*/).map((part) => part.slice(part.indexOf('=') + 1))
    : [];
  return [value, token, pair, password, ...cookies];
}

/** As it is, in addresses, and in JSON and Python texts within texts. */
function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [secret, encodeURIComponent(secret.replace(/\p{Cs}/gu, '\ufffd')), json, ascii];
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function partAtEnd(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length >= shortestPart; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}

function partAtBegin(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length >= shortestPart; length -= 1)
    if (text.startsWith(secret.slice(-length))) return length;
  return 0;
}
