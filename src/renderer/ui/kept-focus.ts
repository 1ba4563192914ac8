import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the keyboard where it was in a list whose rows (`li`) go away: when the row with the focus is gone
 * after a render, `target` of the row that took its place gets it, or of the last one, or the first button
 * that is left.
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, target: string): void {
  const last = useRef<{ row: Element; place: number } | null>(null);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const note = ({ target: focused }: FocusEvent) => {
      const row = focused instanceof Element ? focused.closest('li') : null;
      last.current = row ? { row, place: rowsOf(element).indexOf(row) } : null;
    };
    // Leaving for elsewhere ends it; a row that is removed does not send the focus anywhere.
    const leave = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof Element && !element.contains(relatedTarget)) last.current = null;
    };
    element.addEventListener('focusin', note);
    element.addEventListener('focusout', leave);
    return () => {
      element.removeEventListener('focusin', note);
      element.removeEventListener('focusout', leave);
    };
  }, [list]);

  useEffect(() => {
    const element = list.current;
    const before = last.current;
    if (!before || before.row.isConnected || !element) return;
    last.current = null;
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    const rows = rowsOf(element);
    const row = rows[Math.min(before.place, rows.length - 1)];
    const next = row?.querySelector<HTMLElement>(target) ?? element.querySelector<HTMLElement>('button');
    next?.focus();
  });
}

function rowsOf(list: Element): Element[] {
  return [...list.querySelectorAll('li')];
}
