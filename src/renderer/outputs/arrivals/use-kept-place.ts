import { type RefObject, useLayoutEffect } from 'react';

/**
 * Keeps a part of the page where it is in the window while it `isHeld`, whatever grows or shrinks above it. Browsers
 * do so by themselves only for some changes, and not at the beginning of a page.
 */
export function useKeptPlace(part: RefObject<HTMLElement | null>, isHeld: boolean): void {
  useLayoutEffect(() => {
    const element = part.current;
    if (!element || !isHeld) return;
    // On the page, so that it is the same wherever that is scrolled to.
    const place = (): number => element.getBoundingClientRect().top + window.scrollY;
    let kept = place();
    const observer = new ResizeObserver(() => {
      const now = place();
      if (now !== kept) window.scrollBy({ top: now - kept, behavior: 'instant' });
      kept = now;
    });
    const others = [element.closest('main'), ...(element.parentElement?.children ?? [])];
    for (const other of others) if (other && other !== element) observer.observe(other);
    const { style } = document.documentElement;
    style.setProperty('overflow-anchor', 'none');
    return () => {
      observer.disconnect();
      style.removeProperty('overflow-anchor');
    };
  }, [part, isHeld]);
}
