import { z } from 'zod';
import { type BusAnswer, type BusCall, BusError } from './bus.ts';

/** A D-Bus variant: the signature of its value, and the value. */
export type BusVariant = readonly [signature: string, value: unknown];

/** What an object of ours offers under the name of one interface. */
export interface BusInterface {
  /** Read anew at every question. */
  properties: Readonly<Record<string, () => BusVariant>>;
  methods: Readonly<
    Record<
      string,
      { takes: string; gives: string; answer: (args: readonly unknown[], call: BusCall) => unknown[] }
    >
  >;
  signals: Readonly<Record<string, string>>;
}

const introspectable = 'org.freedesktop.DBus.Introspectable';
const standardProperties = 'org.freedesktop.DBus.Properties';
const text = z.string();

/** Answers calls to an object with one interface, as the D-Bus specification wants it of every object. */
export function busObject(name: string, offered: BusInterface): (call: BusCall) => BusAnswer {
  const property = (wanted: unknown): BusVariant => {
    const read = Object.entries(offered.properties).find(([key]) => key === wanted)?.[1];
    if (!read) throw new BusError('InvalidArgs', `There is no property ${String(wanted)}.`);
    return read();
  };
  const isOurs = (asked: unknown): boolean => asked === name || asked === '';

  return (call) => {
    const { interface: asked, member, args } = call;
    // A caller may leave the interface out.
    if (isOurs(asked)) {
      const method = Object.entries(offered.methods).find(([key]) => key === member)?.[1];
      if (method) return { signature: method.gives, values: method.answer(args, call) };
    }
    if (asked === standardProperties) {
      if (member === 'Get' && isOurs(args[0])) return { signature: 'v', values: [property(args[1])] };
      if (member === 'GetAll') {
        const all = isOurs(args[0]) ? Object.keys(offered.properties).map((key) => [key, property(key)]) : [];
        return { signature: 'a{sv}', values: [all] };
      }
      if (member === 'Set')
        throw new BusError('PropertyReadOnly', `${text.catch('It').parse(args[1])} can only be read.`);
    }
    if (asked === introspectable && member === 'Introspect')
      return { signature: 's', values: [describe(name, offered)] };
    if (asked === 'org.freedesktop.DBus.Peer' && member === 'Ping') return { signature: '', values: [] };
    throw new BusError('UnknownMethod', `There is no method ${member} here.`);
  };
}

function describe(name: string, { properties, methods, signals }: BusInterface): string {
  const args = (signature: string, direction: string): string =>
    completeTypes(signature)
      .map((type) => `<arg type="${type}"${direction}/>`)
      .join('');
  const members = [
    ...Object.entries(properties).map(
      ([key, read]) => `<property name="${key}" type="${read()[0]}" access="read"/>`,
    ),
    ...Object.entries(methods).map(
      ([key, { takes, gives }]) =>
        `<method name="${key}">${args(takes, ' direction="in"')}${args(gives, ' direction="out"')}</method>`,
    ),
    ...Object.entries(signals).map(
      ([key, signature]) => `<signal name="${key}">${args(signature, '')}</signal>`,
    ),
  ];
  return `<node><interface name="${name}">${members.join('')}</interface></node>`;
}

/** `u(ia{sv}av)` is two values: `u` and `(ia{sv}av)`. */
function completeTypes(signature: string): string[] {
  const types: string[] = [];
  let depth = 0;
  let type = '';
  for (const character of signature) {
    type += character;
    if (character === '(' || character === '{') depth += 1;
    if (character === ')' || character === '}') depth -= 1;
    if (depth === 0 && character !== 'a') {
      types.push(type);
      type = '';
    }
  }
  return types;
}
