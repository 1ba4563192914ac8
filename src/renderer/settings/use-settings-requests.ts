import { useEffect } from 'react';
import { usePage } from '../session/session-context.tsx';

/** Opens the settings when the app's menu or tray asks for them. */
export function useSettingsRequests(open: () => void): void {
  const wanted = usePage((page) => page.wantedSettings);
  useEffect(() => {
    if (wanted) open();
  }, [wanted, open]);
}
