import { useEffect } from 'react';
import { useBridge } from '../bridge/session-context.tsx';

/** Opens the settings when the app's menu or tray asks for them. */
export function useSettingsRequests(open: () => void): void {
  const bridge = useBridge();
  useEffect(() => bridge.on('showSettings', () => open()), [bridge, open]);
}
