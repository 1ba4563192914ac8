import { t } from '../../language/t.ts';
/** Keys of a part of the page that belong together, with what each does: both its handler and the help read this. */
export interface KeyLine<Name extends string = string> {
  /** By their name in `KeyboardEvent.key`; in this order they are shown. */
  keys: Readonly<Record<string, Name>>;
  /** More of them, which the help does not show. */
  also?: Readonly<Record<string, Name>>;
  /** What stands between them in the help; without it each will do. */
  joint?: string;
  what: string;
}

/** What a key stands for; null for keys of no line. */
export function meaningOf<Name extends string>(lines: readonly KeyLine<Name>[], key: string): Name | null {
  for (const { keys, also = {} } of lines) {
    if (Object.hasOwn(keys, key)) return keys[key] ?? null;
    if (Object.hasOwn(also, key)) return also[key] ?? null;
  }
  return null;
}

const names: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  '-': '−',
};

/** A key as keyboards show it. */
export function shownKey(key: string): string {
  if (key === ' ') return t('frame.key.space');
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
