import { useSyncExternalStore } from 'react';

/** Whether this browser shows notifications of ours; `absent` where it has none at all. */
export type Permission = NotificationPermission | 'absent';

const listeners = new Set<() => void>();

export function currentPermission(): Permission {
  return 'Notification' in globalThis ? Notification.permission : 'absent';
}

/** Asks the user by the browser's own question; only at a click, or browsers do not show it. */
export async function askPermission(): Promise<void> {
  if (currentPermission() === 'absent') return;
  await Notification.requestPermission();
  for (const listener of [...listeners]) listener();
}

/** The permission as it is; follows what is asked here, and what is changed in the browser meanwhile. */
export function usePermission(): Permission {
  return useSyncExternalStore(subscribe, currentPermission);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('focus', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('focus', listener);
  };
}
