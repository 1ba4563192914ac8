import { useSyncExternalStore } from 'react';

/** Whether this browser shows notifications of ours; `absent` where it has none at all. */
export type Permission = NotificationPermission | 'absent';

const listeners = new Set<() => void>();
/** As it was when it was looked at last: Chromium asks another process each time, and a page renders often. */
let known: Permission | null = null;

export function currentPermission(): Permission {
  return 'Notification' in globalThis ? Notification.permission : 'absent';
}

/** Asks the user by the browser's own question; only at a click, or browsers do not show it. */
export async function askPermission(): Promise<void> {
  if (currentPermission() === 'absent') return;
  await Notification.requestPermission();
  lookAgain();
}

function lookAgain(): void {
  known = currentPermission();
  for (const listener of [...listeners]) listener();
}

/** The permission as it is; follows what is asked here, and what is changed in the browser meanwhile. */
export function usePermission(): Permission {
  return useSyncExternalStore(subscribe, () => known ?? currentPermission());
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    known = currentPermission();
    window.addEventListener('focus', lookAgain);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    known = null;
    window.removeEventListener('focus', lookAgain);
  };
}
