import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the keyboard where it was in a list whose rows (`li`) go away: when the row with the focus is gone
 * after a render, `target` of the row that took its place gets it, or of the last one; without rows the
 * first button that is left, or the list itself.
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, target: string): void {
  const last = useRef<{ gone: Element; place: number } | null>(null);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const note = ({ target: focused }: FocusEvent) => {
      if (!(focused instanceof Element)) return;
      const row = focused.closest('li');
      last.current = { gone: row ?? focused, place: row ? rowsOf(element).indexOf(row) : 0 };
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
    if (!before || before.gone.isConnected || !element) return;
    last.current = null;
    if (document.activeElement !== document.body && document.activeElement !== null) return;
    const rows = rowsOf(element);
    const row = rows[Math.min(before.place, rows.length - 1)];
    const next = row?.querySelector<HTMLElement>(target) ?? element.querySelector<HTMLElement>('button');
    (next ?? element).focus();
  });
}

function rowsOf(list: Element): Element[] {
  return [...list.querySelectorAll('li')];
}
