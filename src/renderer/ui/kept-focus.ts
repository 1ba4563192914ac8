import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the keyboard where it was in a list whose rows go away: when the focused one of `selector` is
 * gone after a render, the one that took its place gets the focus, or the last one.
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, selector: string): void {
  const last = useRef<{ element: Element; place: number } | null>(null);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const note = ({ target }: FocusEvent) => {
      const place = target instanceof Element ? all(element, selector).indexOf(target) : -1;
      last.current = target instanceof Element && place >= 0 ? { element: target, place } : null;
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
  }, [list, selector]);

  useEffect(() => {
    const before = last.current;
    if (!before || before.element.isConnected || !list.current) return;
    const rest = all(list.current, selector);
    const next = rest[Math.min(before.place, rest.length - 1)] ?? list.current.querySelector('button');
    last.current = null;
    if (document.activeElement === document.body || document.activeElement === null)
      if (next instanceof HTMLElement) next.focus();
  });
}

function all(list: Element, selector: string): Element[] {
  return [...list.querySelectorAll(selector)];
}
