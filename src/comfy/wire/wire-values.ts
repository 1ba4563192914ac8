import { plainText } from '../../domain/text/plain-text.ts';

/**
 * Readers for values of which nothing is known. Hand-written because they run for every message;
 * each gives a bounded value of the right type, or null.
 */
export type WireObject = Readonly<Record<string, unknown>>;

/** Longest id (characters) of a prompt or node; real ones have 36 at most. */
const maxIdLength = 200;

export function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, or an empty one. */
export function objectOf(value: unknown): WireObject {
  return isObject(value) ? value : {};
}

/** At most `max` elements; empty if it is no array. */
export function listOf(value: unknown, max: number): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  return value.length > max ? value.slice(0, max) : value;
}

/** A finite number, also when written as a string. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A count: a whole number from 0 on. */
export function countOf(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && number >= 0 && Number.isSafeInteger(number) ? number : null;
}

/** An id of a prompt or node: a string that is safe to show, or a number as custom clients send it. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'string')
    return value !== '' && value.length <= maxIdLength && isPlain(value) ? value : null;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

function isPlain(id: string): boolean {
  let index = 0;
  // Nearly every id is plain ASCII, and every message has some.
  while (index < id.length) {
    const code = id.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) break;
    index += 1;
  }
  return index === id.length || plainText(id) === id;
}

/** The ids of a list, without what is none. */
export function idsOf(value: unknown, max: number): string[] {
  const ids: string[] = [];
  for (const element of listOf(value, max)) {
    const id = idOf(element);
    if (id !== null) ids.push(id);
  }
  return ids;
}

/** Words for people, cut to `max` characters and harmless (`harmless`); null if there are none. */
export function textOf(value: unknown, max: number): string | null {
  return typeof value === 'string' ? harmless(value, max) || null : null;
}

/** A non-empty text as it is, cut to `max` characters: a path, or what is read further. */
export function exactTextOf(value: unknown, max: number): string | null {
  return typeof value === 'string' && value !== '' ? cutText(value, max) : null;
}

/**
 * The first `max` characters of what a server says, without what a terminal or a line of text would obey: escape
 * sequences, control characters but tab and line feed, and marks that let following words run the other way.
 */
export function harmless(text: string, max: number): string {
  const part = cutText(text, max);
  if (!suspicious.test(part)) return part;
  return part
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(escapeSequences, '')
    .replace(unsafe, '')
    .replace(/\p{Cs}/gu, '\ufffd');
}

const unsafe = /[^\P{Cc}\n\t]|[\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const suspicious = /[^\P{Cc}\n\t]|[\u061c\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;

/** ECMA-48: control sequences, strings for the terminal such as its title, and single functions. */
const escapeSequences = (() => {
  const [esc, bell, csi, st] = [0x1b, 0x07, 0x9b, 0x9c].map((code) => String.fromCharCode(code));
  const strings = [0x90, 0x98, 0x9d, 0x9e, 0x9f].map((code) => String.fromCharCode(code)).join('');
  return new RegExp(
    [
      `(?:${esc}\\[|${csi})[0-?]{0,100}[ -/]{0,10}[@-~]`,
      `(?:${esc}[PX\\]^_]|[${strings}])[^${bell}${esc}${st}\n]{0,500}(?:${bell}|${esc}\\\\|${st})`,
      `${esc}[ -/]{0,10}[0-~]`,
    ].join('|'),
    'g',
  );
})();

/** The first `max` characters, without breaking the last one in two. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? max - 1 : max;
  return detached(text.slice(0, end));
}

/** A copy of a part of a text. V8 lets a slice point into the original, and so keeps all of that. */
export function detached(part: string): string {
  return Buffer.from(part, 'utf16le').toString('utf16le');
}
