import { type RefObject, useLayoutEffect } from 'react';

const wanted = 148;
const smallest = 104;
const gap = 8;

/**
 * Keeps the custom property `--thumbnail` of a container at the size (px) with which whole thumbnails
 * fill its width: groups of different lengths then line up on one grid.
 */
export function useThumbnailSize(container: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    const resize = () => element.style.setProperty('--thumbnail', `${thumbnailSize(element.clientWidth)}px`);
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(element);
    return () => observer.disconnect();
  }, [container]);
}

/** The size (px) of thumbnails in a container of this width (px); at least two fit into a narrow one. */
export function thumbnailSize(width: number): number {
  const columns = Math.max(2, Math.floor((width + gap) / (wanted + gap)));
  return Math.max(smallest, Math.floor((width - gap * (columns - 1)) / columns));
}
