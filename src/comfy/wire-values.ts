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

/** An id of a prompt or node: a string, or a number as custom clients send it. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' || value.length > maxIdLength ? null : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
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

/** A non-empty text, cut to `max` characters. */
export function textOf(value: unknown, max: number): string | null {
  return typeof value === 'string' && value !== '' ? cutText(value, max) : null;
}

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
