/**
 * Speaks and listens on the session bus of a Linux desktop through `busctl`, which comes with systemd and prints
 * JSON: what other programs there see of the app is the truth about tray and notifications.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { hasTool, runTool } from '../tool.ts';

/** A message on the bus. */
export interface BusMessage {
  type: string;
  sender: string;
  destination: string;
  path: string;
  interface: string;
  member: string;
  /** The arguments; variants are given as what is in them. */
  args: unknown[];
}

export interface SessionBus {
  /** Calls a method; `args` are `busctl`'s: a signature, then words. Gives the values of the answer. */
  call(target: BusTarget, method: string, ...args: string[]): Promise<unknown[]>;
  properties(target: BusTarget): Promise<Record<string, unknown>>;
  /** The unique name of the owner of a name; null if it has none. */
  ownerOf(name: string): Promise<string | null>;
  processOf(name: string): Promise<number>;
  /** Whether the bus starts the owner of a name when it is asked for. */
  canStart(name: string): Promise<boolean>;
  /** Hears all messages that a match rule is about, once it resolves; gives what ends it. */
  listen(rules: readonly string[], heard: (message: BusMessage) => void): Promise<() => void>;
}

export interface BusTarget {
  destination: string;
  path: string;
  interface: string;
}

const busItself: BusTarget = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

/** The session bus of this environment, or in one sentence why there is none to be heard. */
export function findSessionBus(
  environment: NodeJS.ProcessEnv = process.env,
): { bus: SessionBus } | { reason: string } {
  const address =
    environment.DBUS_SESSION_BUS_ADDRESS ??
    (environment.XDG_RUNTIME_DIR ? `unix:path=${environment.XDG_RUNTIME_DIR}/bus` : null);
  if (!address) return { reason: 'there is no session bus' };
  if (!hasTool('busctl')) return { reason: 'busctl, which comes with systemd, is not installed' };
  return { bus: sessionBus(address) };
}

function sessionBus(address: string): SessionBus {
  const common = [`--address=${address}`, '--json=short'];
  const bus: SessionBus = {
    async call(target, method, ...args) {
      const { destination, path, interface: name } = target;
      const out = await runTool('busctl', [
        ...common,
        '--',
        'call',
        destination,
        path,
        name,
        method,
        ...args,
      ]);
      if (out.trim() === '') return [];
      return z.array(z.unknown()).parse(plainValue(payloadSchema.parse(JSON.parse(out)).data));
    },
    async properties(target) {
      const all = { ...target, interface: 'org.freedesktop.DBus.Properties' };
      const [found] = await bus.call(all, 'GetAll', 's', target.interface);
      return z.record(z.string(), z.unknown()).parse(found);
    },
    async ownerOf(name) {
      const owned = await bus.call(busItself, 'NameHasOwner', 's', name);
      if (owned[0] !== true) return null;
      return z.string().parse((await bus.call(busItself, 'GetNameOwner', 's', name))[0]);
    },
    processOf: async (name) =>
      z.number().parse((await bus.call(busItself, 'GetConnectionUnixProcessID', 's', name))[0]),
    async canStart(name) {
      const [names] = await bus.call(busItself, 'ListActivatableNames');
      return z.array(z.string()).parse(names).includes(name);
    },
    listen: (rules, heard) => listen(common, rules, heard),
  };
  return bus;
}

const payloadSchema = z.object({ data: z.array(z.unknown()) });
const messageSchema = z.object({
  type: z.string(),
  sender: z.string().default(''),
  destination: z.string().default(''),
  path: z.string().default(''),
  interface: z.string().default(''),
  member: z.string().default(''),
  payload: z.object({ data: z.array(z.unknown()).default([]) }).optional(),
});

function listen(
  common: readonly string[],
  rules: readonly string[],
  heard: (message: BusMessage) => void,
): Promise<() => void> {
  const matches = rules.map((rule) => `--match=${rule}`);
  const child = spawn('busctl', [...common, ...matches, 'monitor'], { stdio: ['ignore', 'pipe', 'pipe'] });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = readMessage(line);
    if (message) heard(message);
  });
  return new Promise((done, failed) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes('Monitoring bus')) done(() => child.kill());
    });
    child.once('error', failed);
    child.once('exit', () => failed(new Error(`the session bus cannot be heard: ${said.trim()}`)));
  });
}

/** A line of `busctl monitor --json=short`; null for what is no message. */
export function readMessage(line: string): BusMessage | null {
  try {
    const { payload, ...message } = messageSchema.parse(JSON.parse(line));
    const args = z.array(z.unknown()).parse(plainValue(payload?.data ?? []));
    return { ...message, args };
  } catch {
    return null;
  }
}

/** `busctl` writes a variant as `{ "type": …, "data": … }`; only what is in it matters. */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 2 && 'type' in value && 'data' in value && typeof value.type === 'string')
    return plainValue(value.data);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}
