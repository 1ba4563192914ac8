import type { Seeded } from '../faults/seeded.ts';

/** A secret that an answer may echo; see `Redaction`. */
export const secret = 'hunter2-of-the-proxy';

const oddTexts: readonly [string, ...string[]] = [
  '',
  ' ',
  '1',
  'p1',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(300),
  'word '.repeat(3_000),
  '港\u{1f600}'.repeat(50),
  '\u0000\u0007\u001b[31mred\u001b[0m\r\n\u009b2J',
  '\u001b]0;title\u0007\u202eevil\u2066',
  '\ud800',
  'a\udc00b',
  '../../etc/passwd',
  'C:\\Windows\\x.png',
  'a\nb\tc',
  `Bearer ${secret}`,
  '=cmd|1',
  'NaN',
  '1e400',
];
/** What a terminal or a line of text would obey, and what must not be shown. */
const unsafeTexts: readonly [string, ...string[]] = [
  '\u001b[2J',
  '\u001b]0;title\u0007',
  '\u0000',
  '\u0008\u007f\u0085',
  '\u202e',
  `Bearer ${secret}`,
  secret,
];
const oddNumbers: readonly [number, ...number[]] = [
  0,
  -0,
  1,
  -1,
  0.5,
  21,
  1e9,
  1e21,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1.7976931348623157e308,
  5e-324,
];
const keys: readonly [string, ...string[]] = [
  ...([
    'prompt_id',
    'node',
    'display_node',
    'nodes',
    'output',
    'value',
    'max',
    'timestamp',
    'status',
  ] as const),
  ...[
    'state',
    'exec_info',
    'queue_remaining',
    'images',
    'text',
    '3d',
    'filename',
    'subfolder',
    'type',
    'gpus',
  ],
  ...['entries', 'm', 'traceback', 'exception_message', 'messages', 'prompt', 'outputs', 'queue_running'],
  ...[
    'queue_pending',
    'class_type',
    'inputs',
    '_meta',
    'title',
    '1',
    '2',
    'system',
    'devices',
    'argv',
    'jobs',
  ],
  ...['extra_pnginfo', 'workflow', 'name', 'create_time', 'id', 'servers', 'url', 'version', 'preferences'],
  ...['__proto__', 'toString', 'length', 'constructor', ''],
];

/** A leaf that a reader may not expect. */
export function oddLeaf(chance: Seeded): unknown {
  const kind = chance.below(8);
  if (kind < 3) return chance.chance(0.25) ? `word ${chance.pick(unsafeTexts)} word` : chance.pick(oddTexts);
  if (kind < 5) return chance.pick(oddNumbers);
  if (kind === 5)
    return chance.chance(0.5)
      ? null
      : { [chance.pick(['length', 'size', 'value'])]: { toString: 1, valueOf: 1 }, toString: 1 };
  if (kind === 6) return chance.chance(0.5);
  return chance.next() * 10 ** chance.below(12) * (chance.chance(0.3) ? -1 : 1);
}

/** Nonsense as it comes out of `JSON.parse`. */
export function anyJson(chance: Seeded, depth = 3): unknown {
  if (depth === 0 || chance.chance(0.4)) return oddLeaf(chance);
  const size = chance.below(5);
  if (chance.chance(0.4)) return Array.from({ length: size }, () => anyJson(chance, depth - 1));
  // Own keys, also `__proto__`: as `JSON.parse` makes them.
  return Object.fromEntries(
    Array.from({ length: size }, () => [chance.pick(keys), anyJson(chance, depth - 1)]),
  );
}

/** The value with something in it changed, by chance more than once. Gives a copy. */
export function mutateJson(chance: Seeded, value: unknown): unknown {
  let result = value;
  do result = mutateOnce(chance, result);
  while (chance.chance(0.4));
  return result;
}

function mutateOnce(chance: Seeded, value: unknown): unknown {
  if (Array.isArray(value)) {
    const list: unknown[] = [...value];
    const at = chance.below(list.length + 1);
    if (list.length > 0 && chance.chance(0.7)) {
      const place = at % list.length;
      return list.with(place, mutateOnce(chance, list[place]));
    }
    const part = chance.chance(0.5) && list.length > 0 ? list[at % list.length] : anyJson(chance, 2);
    if (chance.chance(0.1)) return [list];
    return chance.chance(0.3) ? list.toSpliced(at, 1) : list.toSpliced(at, 0, part);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const at = chance.below(entries.length + 1);
    const entry = entries[at];
    if (entry && chance.chance(0.75))
      return Object.fromEntries(entries.with(at, [entry[0], mutateOnce(chance, entry[1])]));
    if (entry && chance.chance(0.4)) return Object.fromEntries(entries.toSpliced(at, 1));
    if (entry && chance.chance(0.3))
      return Object.fromEntries(entries.with(at, [chance.pick(keys), entry[1]]));
    return Object.fromEntries([...entries, [chance.pick(keys), anyJson(chance, 2)]]);
  }
  if (typeof value === 'number' && chance.chance(0.4))
    return value * chance.pick([-1, 2, 1_000, 0.5, 1e300]) + 1;
  if (typeof value === 'string' && chance.chance(0.3)) return mutateText(chance, value);
  return chance.chance(0.5) ? oddLeaf(chance) : anyJson(chance, 3);
}

/** What Python writes, what nests, what is no JSON, and what escapes. */
const insertions: readonly [string, ...string[]] = [
  'NaN',
  '-Infinity',
  'Infinity',
  '"\\ud800"',
  '\\ud83d',
  '\\u0000',
  '"',
  '\\',
  ',',
  '{',
  '}',
  '[',
  ']',
  '{"type":',
  '\ufeff',
  'null',
  '1e999',
  '"__proto__":{"x":1},',
];

/** A text with something put in, cut out, doubled or cut off. */
export function mutateText(chance: Seeded, text: string): string {
  let result = text;
  do {
    const at = chance.below(result.length + 1);
    const end = Math.min(result.length, at + 1 + chance.below(20));
    const kind = chance.below(7);
    if (kind === 0) result = result.slice(0, at);
    else if (kind === 1) result = result.slice(0, at) + result.slice(end);
    else if (kind === 2) result = result.slice(0, end) + result.slice(at);
    else if (kind === 3)
      result = `${result.slice(0, at)}${JSON.stringify(oddLeaf(chance))}${result.slice(at)}`;
    else if (kind === 4)
      result = result.replace(/(?<=[:,[] ?)-?\d[\d.e+-]*/, chance.pick(['NaN', '-Infinity', '1e999']));
    else if (kind === 5 && chance.chance(0.05)) result = nested(chance, result, at);
    else result = result.slice(0, at) + chance.pick(insertions) + result.slice(at);
  } while (chance.chance(0.3));
  return result;
}

/** So deep that whoever goes down by calling himself falls. */
function nested(chance: Seeded, text: string, at: number): string {
  const depth = 1_000 * (1 + chance.below(20));
  const [open, close] = chance.chance(0.5) ? ['[', ']'] : ['{"1":', '}'];
  return `${text.slice(0, at)}${open.repeat(depth)}1${close.repeat(depth)}${text.slice(at)}`;
}

/** Bytes with some changed, cut out, doubled, or with lengths that lie. `others` are spliced in. */
export function mutateBytes(chance: Seeded, bytes: Buffer, others: readonly Buffer[] = []): Buffer {
  let result: Buffer = Buffer.from(bytes);
  do {
    const at = chance.below(result.length + 1);
    const end = Math.min(result.length, at + 1 + chance.below(chance.chance(0.2) ? 400 : 12));
    const kind = chance.below(8);
    if (kind === 0) result = result.subarray(0, at);
    else if (kind === 1) result = Buffer.concat([result.subarray(0, at), result.subarray(end)]);
    else if (kind === 2) result = Buffer.concat([result.subarray(0, end), result.subarray(at)]);
    else if (kind === 3 && result.length >= 4 + at) {
      const length = chance.pick([0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, result.length]);
      if (chance.chance(0.5)) result.writeUInt32BE(length, at);
      else result.writeUInt32LE(length, at);
    } else if (kind === 4 && others.length > 0) {
      const other = others[chance.below(others.length)] ?? result;
      result = Buffer.concat([result.subarray(0, at), other.subarray(chance.below(other.length + 1))]);
    } else if (kind === 5)
      result = Buffer.concat([
        result.subarray(0, at),
        noise(chance, 1 + chance.below(16)),
        result.subarray(at),
      ]);
    else if (at < result.length)
      result[at] = chance.chance(0.5) ? chance.below(256) : (result[at] ?? 0) ^ (1 << chance.below(8));
  } while (chance.chance(0.5));
  return result;
}

export function noise(chance: Seeded, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => chance.below(256)));
}
