import type { Attention } from '../../contract/attention.ts';

/** Whether the user can see the page: itself, or a window of its own that shows a part of it. */
const listeners = new Set<() => void>();
let elsewhere = 0;

export function isSeen(): boolean {
  return elsewhere > 0 || document.visibilityState !== 'hidden';
}

/** How the page is looked at; the focus of its window counts, which its listeners hear by themselves. */
export function attention(): Attention {
  if (!isSeen()) return 'hidden';
  return document.hasFocus() ? 'focused' : 'aside';
}

/** Calls `listener` when that may have changed; returns what ends it. */
export function onSeenChange(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener('visibilitychange', notify);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) document.removeEventListener('visibilitychange', notify);
  };
}

/** A part of the page is shown in a window of its own, until the returned function is called. */
export function seenElsewhere(): () => void {
  elsewhere += 1;
  notify();
  return () => {
    elsewhere -= 1;
    notify();
  };
}

function notify(): void {
  for (const listener of [...listeners]) listener();
}
