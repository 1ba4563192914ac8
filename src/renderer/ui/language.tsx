import { createElement, Fragment, type ReactNode, useSyncExternalStore } from 'react';
import type { TextKey } from '../../language/english.ts';
import type { Language } from '../../language/languages.ts';
import { currentLanguage, onLanguage, tRich } from '../../language/t.ts';

/**
 * The language spoken. The page as a whole follows it, so only what React would not render again needs to ask:
 * components in `memo`, and texts kept by `useMemo`.
 */
export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, currentLanguage);
}

type TextValue = ReactNode | ((chunks: ReactNode) => ReactNode);

/** A text with elements in it: values that are elements, and what stands within a tag, made by a function. */
export function Text({ id, values }: { id: TextKey; values: Readonly<Record<string, TextValue>> }) {
  const rich = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'function' ? (chunks: ReactNode[]) => value(together(chunks)) : value,
  ]);
  return together(tRich<ReactNode>(id, Object.fromEntries(rich)));
}

function together(parts: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts);
}
