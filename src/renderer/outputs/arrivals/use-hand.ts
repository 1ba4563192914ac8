import { type RefObject, useEffect, useState } from 'react';

/** What lies over the page at its top, CSS px: the top bar. */
const covered = 56;

/**
 * Whether somebody is at a part of the page, so that nothing in it may move: points at it, has the keyboard in it, or
 * has scrolled past its beginning.
 */
export function useHand(part: RefObject<HTMLElement | null>): boolean {
  const [isPointedAt, setIsPointedAt] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  const [isScrolledInto, setIsScrolledInto] = useState(false);

  useEffect(() => {
    const element = part.current;
    if (!element) return;
    const enter = (): void => setIsPointedAt(true);
    const leave = (): void => setIsPointedAt(false);
    // Whoever works in another window comes back to what they left, and meanwhile wants to see what comes.
    const look = (): void => setHasFocus(document.hasFocus() && element.contains(document.activeElement));
    const leaveTo = ({ relatedTarget }: FocusEvent): void => {
      setHasFocus(relatedTarget instanceof Node && element.contains(relatedTarget));
    };
    element.addEventListener('pointerenter', enter);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('focusin', look);
    element.addEventListener('focusout', leaveTo);
    window.addEventListener('focus', look);
    window.addEventListener('blur', look);
    return () => {
      element.removeEventListener('pointerenter', enter);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('focusin', look);
      element.removeEventListener('focusout', leaveTo);
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
    };
  }, [part]);

  useEffect(() => {
    const head = part.current?.firstElementChild;
    if (!head) return;
    const observer = new IntersectionObserver(
      (entries) => {
        const last = entries.at(-1);
        if (last) setIsScrolledInto(!last.isIntersecting);
      },
      // All that is below counts as in view: from there, a long scroll leads past in one go.
      { rootMargin: `-${covered}px 0px 1000000px` },
    );
    observer.observe(head);
    return () => observer.disconnect();
  }, [part]);

  return isPointedAt || hasFocus || isScrolledInto;
}
