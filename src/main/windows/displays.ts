import { type BrowserWindow, screen } from 'electron';
import { fitBounds, type Rectangle } from './window-bounds.ts';

/** What windows may cover of the displays, the main one first. */
export function workAreas(): Rectangle[] {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  return [main, ...others].map(({ workArea }) => workArea);
}

/**
 * The returned function, called when a window is about to be shown, puts it where it can be reached if the
 * displays are not those that it was last shown on: systems move the windows of a display that goes away, but
 * not hidden ones. Otherwise it stays as it is, for it may reach over its display on purpose: over two of
 * them, or by the invisible frame that Windows gives a snapped window.
 */
export function keepWithinReach(window: BrowserWindow): () => void {
  let known = JSON.stringify(workAreas());
  return () => {
    const areas = workAreas();
    const isKnown = JSON.stringify(areas) === known;
    known = JSON.stringify(areas);
    if (isKnown || window.isMaximized() || window.isFullScreen()) return;
    const bounds = window.getBounds();
    const fitting = fitBounds(bounds, areas);
    if (JSON.stringify(fitting) !== JSON.stringify(bounds)) window.setBounds(fitting);
  };
}
