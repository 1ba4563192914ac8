import { type RefObject, useEffect, useRef, useState } from 'react';

/** Whether an element has ever been in view. */
export function useInView<T extends Element>(): { place: RefObject<T | null>; isInView: boolean } {
  const place = useRef<T>(null);
  const [isInView, setIsInView] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setIsInView(true);
        observer.disconnect();
      },
      // A little before it is scrolled to.
      { rootMargin: '200px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { place, isInView };
}
