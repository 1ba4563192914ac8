import { useEffect } from 'react';
import { useBridge } from '../bridge/session-context.tsx';

/**
 * Opens the settings with the keys that open them everywhere, Ctrl or Cmd and a comma, and when the app's
 * menu asks for them.
 */
export function useSettingsRequests(open: () => void): void {
  const bridge = useBridge();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== ',' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      open();
    };
    const endRequests = bridge.on('showSettings', () => open());
    window.addEventListener('keydown', onKeyDown);
    return () => {
      endRequests();
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [bridge, open]);
}
