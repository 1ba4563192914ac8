import { useEffect, useEffectEvent } from 'react';

const eventName = 'comfy-monitor:open-settings';

/**
 * Asks for the settings, from a key, the tray or the menu bar; a null section is their beginning. False
 * if nobody on the page has settings to show.
 */
export function openSettings(section: string | null = null): boolean {
  // Whoever opens them prevents what would happen otherwise.
  return !document.dispatchEvent(new CustomEvent(eventName, { cancelable: true, detail: section }));
}

/** Opens the settings whenever they are asked for. */
export function useOpenSettings(open: (section: string | null) => void): void {
  const answer = useEffectEvent((event: Event) => {
    event.preventDefault();
    const section: unknown = event instanceof CustomEvent ? event.detail : null;
    open(typeof section === 'string' ? section : null);
  });
  useEffect(() => {
    const listener = (event: Event) => answer(event);
    document.addEventListener(eventName, listener);
    return () => document.removeEventListener(eventName, listener);
  }, []);
}
