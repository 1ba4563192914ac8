import { join } from 'node:path';
import { createConnection, type DBusConnection, type Message } from 'dbus-native';
import { z } from 'zod';
import { causeMessage, causeText } from '../../../domain/text/cause-text.ts';
import { type BusAnswer, type BusCall, BusError, type NameState, type SessionBus } from './bus.ts';

/** For an answer to a call and for the greeting of a new connection, ms. */
const patience = 5_000;
/** Until the next try to connect, ms; the last one again and again once there was a connection. */
const retries = [1_000, 2_000, 5_000, 15_000, 60_000];
/** With so much unsent, the bus does not read any more, bytes. */
const maxUnsent = 4 * 1024 * 1024;

const bus = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;
const kinds = { call: 1, answer: 2, error: 3, signal: 4 } as const;
const wantsNoReply = 1;

/** Where the session bus listens; null if nothing says that there is one. */
export function sessionBusAddress(environment: NodeJS.ProcessEnv): string | null {
  if (environment.DBUS_SESSION_BUS_ADDRESS) return environment.DBUS_SESSION_BUS_ADDRESS;
  // As libdbus does it, for sessions that systemd started.
  return environment.XDG_RUNTIME_DIR ? `unix:path=${join(environment.XDG_RUNTIME_DIR, 'bus')}` : null;
}

/**
 * Connects to the bus at `address`, and again after it was lost. Without an answer at first it is given up
 * after some tries: a desktop without a bus gets none later.
 */
export function openSessionBus({
  address,
  log,
}: {
  address: string;
  log: (line: string) => void;
}): SessionBus {
  const objects = new Map<string, (call: BusCall) => BusAnswer>();
  const watches = new Map<string, Set<(state: NameState) => void>>();
  const states = new Map<string, NameState>();
  let link: Link | null = null;
  let wasConnected = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  function connect(): void {
    const created = createLink(address, {
      onCall: answerCall,
      onOwner: (name, owned) => noteState(name, owned ? 'owned' : 'free'),
      onReady() {
        wasConnected = true;
        failures = 0;
        for (const name of watches.keys()) void ask(created, name);
      },
      onLost(cause) {
        link = null;
        if (closed) return;
        if (failures === 0)
          log(`the session bus ${wasConnected ? 'is gone' : 'cannot be reached'}: ${cause}`);
        for (const name of watches.keys()) noteState(name, 'no bus');
        const delay = retries[failures] ?? (wasConnected ? retries.at(-1) : undefined);
        failures += 1;
        if (delay !== undefined) retry = setTimeout(connect, delay).unref();
      },
    });
    link = created;
  }

  async function ask(asked: Link, name: string): Promise<void> {
    try {
      const rule = `type='signal',sender='${bus.destination}',interface='${bus.interface}',member='NameOwnerChanged',arg0='${name}'`;
      await asked.call({ ...bus, member: 'AddMatch' }, { signature: 's', values: [rule] });
      const [owned] = await asked.call(
        { ...bus, member: 'NameHasOwner' },
        { signature: 's', values: [name] },
      );
      noteState(name, owned === true ? 'owned' : 'free');
    } catch (cause) {
      asked.drop(`it does not say who owns ${name}: ${causeMessage(cause)}`);
    }
  }

  function noteState(name: string, state: NameState): void {
    states.set(name, state);
    for (const listener of watches.get(name) ?? []) listener(state);
  }

  function answerCall(call: BusCall): BusAnswer {
    const object = objects.get(call.path);
    if (!object) throw new BusError('UnknownMethod', `There is nothing at ${call.path}.`);
    return object(call);
  }

  connect();
  return {
    call: (to, body) => (link ? link.call(to, body) : Promise.reject(new Error('no session bus'))),
    emit: (from, body) => link?.emit(from, body),
    serve: (path, answer) => void objects.set(path, answer),
    watchName(name, listener) {
      const listeners = watches.get(name);
      const state = states.get(name);
      if (state !== undefined) queueMicrotask(() => listener(state));
      if (listeners) listeners.add(listener);
      else {
        watches.set(name, new Set([listener]));
        if (link?.isReady) void ask(link, name);
      }
      return () => watches.get(name)?.delete(listener);
    },
    close() {
      closed = true;
      clearTimeout(retry);
      link?.drop('closed');
    },
  };
}

interface Link extends Pick<SessionBus, 'call' | 'emit'> {
  readonly isReady: boolean;
  /** Ends the connection, as lost. */
  drop(cause: string): void;
}

const nameOwnerChanged = z.tuple([z.string(), z.string(), z.string()]);

/** One connection, from its greeting to its end, which is reported once. */
function createLink(
  address: string,
  events: {
    onReady: () => void;
    onLost: (cause: string) => void;
    onCall: (call: BusCall) => BusAnswer;
    onOwner: (name: string, owned: boolean) => void;
  },
): Link {
  const waiting = new Map<
    number,
    { done: (values: readonly unknown[]) => void; failed: (cause: Error) => void; timer: NodeJS.Timeout }
  >();
  let connection: DBusConnection | null = null;
  let serial = 0;
  let ready = false;
  let lost = false;

  function drop(cause: string): void {
    if (lost) return;
    lost = true;
    ready = false;
    clearTimeout(greeting);
    connection?.stream.destroy();
    for (const { failed, timer } of waiting.values()) {
      clearTimeout(timer);
      failed(new Error(cause));
    }
    waiting.clear();
    events.onLost(cause);
  }

  function send(message: Message): number {
    serial += 1;
    if (lost || connection === null) return serial;
    try {
      connection.message({ ...message, serial });
    } catch (cause) {
      // Before anything was written: a value that does not fit its signature.
      waiting.get(serial)?.failed(cause instanceof Error ? cause : new Error(causeText(cause)));
      return serial;
    }
    if (connection.stream.writableLength > maxUnsent) drop('it does not take messages any more');
    return serial;
  }

  function call(to: Parameters<SessionBus['call']>[0], body?: BusAnswer): Promise<readonly unknown[]> {
    return new Promise((done, failed) => {
      const own = serial + 1;
      const settled = (run: () => void): void => {
        clearTimeout(timer);
        waiting.delete(own);
        run();
      };
      const timer = setTimeout(
        () => settled(() => failed(new Error(`${to.destination} does not answer ${to.member}`))),
        patience,
      ).unref();
      waiting.set(own, {
        done: (values) => settled(() => done(values)),
        failed: (cause) => settled(() => failed(cause)),
        timer,
      });
      send({ type: kinds.call, ...to, ...bodyOf(body) });
    });
  }

  function receive(message: Message): void {
    switch (message.type) {
      case kinds.call:
        answer(message);
        break;
      case kinds.answer:
        waiting.get(message.replySerial ?? 0)?.done(message.body ?? []);
        break;
      case kinds.error:
        waiting
          .get(message.replySerial ?? 0)
          ?.failed(new Error(`${message.errorName}: ${String(message.body?.[0] ?? '')}`));
        break;
      case kinds.signal: {
        if (message.sender !== bus.destination || message.member !== 'NameOwnerChanged') break;
        const change = nameOwnerChanged.safeParse(message.body);
        if (change.success) events.onOwner(change.data[0], change.data[2] !== '');
      }
    }
  }

  function answer({ serial: asked, sender, flags = 0, path, member, body, ...message }: Message): void {
    const wantsAnswer = (flags & wantsNoReply) === 0;
    const reply = (rest: Message): void => {
      if (!wantsAnswer || asked === undefined || sender === undefined) return;
      send({ replySerial: asked, destination: sender, ...rest });
    };
    try {
      const given = events.onCall({
        sender: sender ?? '',
        path: path ?? '',
        interface: message.interface ?? '',
        member: member ?? '',
        args: body ?? [],
        wantsAnswer,
      });
      reply({ type: kinds.answer, ...bodyOf(given) });
    } catch (cause) {
      const errorName = cause instanceof BusError ? cause.name : 'org.freedesktop.DBus.Error.Failed';
      reply({ type: kinds.error, errorName, signature: 's', body: [causeMessage(cause)] });
    }
  }

  const greeting = setTimeout(() => drop('it does not answer'), patience).unref();
  const link: Link = {
    get isReady() {
      return ready;
    },
    call,
    emit: (from, body) => {
      if (ready) send({ type: kinds.signal, ...from, ...bodyOf(body) });
    },
    drop,
  };
  try {
    connection = createConnection({
      busAddress: address,
      // The only one that a session bus needs, and one that reads no files.
      authMethods: ['EXTERNAL'],
      plainValues: true,
      maxMessageSize: 1024 * 1024,
    });
    connection.on('error', (cause) => drop(causeMessage(cause)));
    connection.on('handlerError', (cause) => drop(causeMessage(cause)));
    connection.on('end', () => drop('it closed the connection'));
    connection.on('close', () => drop('it closed the connection'));
    connection.on('message', receive);
    connection.on('connect', () => {
      call({ ...bus, member: 'Hello' }).then(
        () => {
          clearTimeout(greeting);
          ready = true;
          events.onReady();
        },
        (cause: unknown) => drop(causeMessage(cause)),
      );
    });
  } catch (cause) {
    // Not before the caller knows the connection that is lost.
    queueMicrotask(() => drop(causeMessage(cause)));
  }
  return link;
}

function bodyOf(body: BusAnswer | undefined): Pick<Message, 'signature' | 'body'> {
  return body && body.signature !== '' ? { signature: body.signature, body: body.values } : {};
}
