/** Whether anybody looks at the page: at itself, or at a window of its own that shows a part of it. */
const listeners = new Set<() => void>();
let elsewhere = 0;

export function isSeen(): boolean {
  return elsewhere > 0 || document.visibilityState !== 'hidden';
}

/** Hears when that may have changed; returns what ends it. */
export function onSeenChange(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener('visibilitychange', tell);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) document.removeEventListener('visibilitychange', tell);
  };
}

/** A part of the page is shown in a window of its own, until the returned function is called. */
export function seenElsewhere(): () => void {
  elsewhere += 1;
  tell();
  return () => {
    elsewhere -= 1;
    tell();
  };
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}
