import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import { t } from '../../language/t.ts';
import { usePage } from '../session/session-context.tsx';
import { useHost } from '../session/use-host.ts';
import { useSay } from '../ui/overlays/messages.tsx';
import { seenElsewhere } from '../ui/seen.ts';
import { MiniPage } from './mini-page.tsx';
import { findPictureInPicture, followLook, openPopUp, openTopWindow } from './small-window.ts';

/** The small window: of the desktop app's own, or one that the browser opens for this page. */
export interface MiniMode {
  available: boolean;
  toggle(): void;
}

const MiniModeContext = createContext<MiniMode>({ available: false, toggle: () => {} });

export function useMiniMode(): MiniMode {
  return useContext(MiniModeContext);
}

interface MiniModeProviderProps {
  /** Whether a pressed key leads out of the small window; the same function every time. */
  isToggleKey: (press: KeyboardEvent) => boolean;
  children: ReactNode;
}

/**
 * Lets the page show its mini mode in the best window there is: the desktop app's, the browser's window
 * that stays above all others (Chromium's picture in picture for documents), or else a pop-up.
 */
export function MiniModeProvider({ isToggleKey, children }: MiniModeProviderProps) {
  const host = usePage((page) => page.host);
  const { ask, attempt } = useHost();
  const say = useSay();
  const [top, setTop] = useState<Window | null>(null);
  const close = useCallback(() => top?.close(), [top]);
  useEffect(() => {
    if (!top) return;
    const endSeen = seenElsewhere();
    const endLook = followLook(top);
    const closed = () => setTop(null);
    const pressed = (event: KeyboardEvent) => {
      if (isToggleKey(event)) top.close();
    };
    top.addEventListener('pagehide', closed);
    top.document.addEventListener('keydown', pressed);
    return () => {
      endSeen();
      endLook();
      top.removeEventListener('pagehide', closed);
    };
  }, [top, isToggleKey]);

  const mode = useMemo<MiniMode>(() => {
    const pictureInPicture = findPictureInPicture(window);
    async function open(): Promise<void> {
      if (host?.desktop) await ask('setMiniMode', { on: true });
      else if (pictureInPicture) setTop(await openTopWindow(pictureInPicture));
      else if (!openPopUp()) say(t('mini.window_refused'));
    }
    return {
      available: host !== null,
      toggle() {
        if (top) top.close();
        else void attempt(open());
      },
    };
  }, [host, ask, attempt, say, top]);

  return (
    <MiniModeContext value={mode}>
      {children}
      {top && createPortal(<MiniPage onBack={close} />, top.document.body)}
    </MiniModeContext>
  );
}
