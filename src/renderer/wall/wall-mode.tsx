import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from 'react';
import { usePage } from '../session/session-context.tsx';
import { useHost } from '../session/use-host.ts';
import { isSeen, onSeenChange } from '../ui/seen.ts';

/** Whether the page shows the wall, and the way in and out. */
interface WallMode {
  on: boolean;
  toggle(): void;
}

const WallModeContext = createContext<WallMode>({ on: false, toggle: () => {} });

export function useWallMode(): WallMode {
  return useContext(WallModeContext);
}

/** Lets the page be a wall: from the start where its address says `?wall`, or when its user wants it. */
export function WallModeProvider({ children }: { children: ReactNode }) {
  const [on, setOn] = useState(isInAddress);
  const wanted = usePage((page) => page.wantedWall);
  const isDesktop = usePage((page) => page.host?.desktop != null);
  const [led, setLed] = useState(wanted);
  if (wanted !== led) {
    setLed(wanted);
    if (wanted) setOn(true);
  }
  useWindowOfWall(on, isDesktop);
  const mode = useMemo<WallMode>(
    () => ({
      on,
      toggle() {
        if (on) leaveAddress();
        // Only in answer to a click or a key does a browser give the whole screen.
        if (!isDesktop) void (on ? leaveFullScreen() : enterFullScreen());
        setOn(!on);
      },
    }),
    [on, isDesktop],
  );
  const leave = useEffectEvent(() => {
    if (on) mode.toggle();
  });
  useEffect(() => {
    // The browser keeps Esc in full screen for itself.
    const changed = () => {
      if (!document.fullscreenElement) leave();
    };
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, []);
  return <WallModeContext value={mode}>{children}</WallModeContext>;
}

/** The desktop app makes its window as large as the screen, and keeps that on. */
function useWindowOfWall(on: boolean, isDesktop: boolean): void {
  const { ask } = useHost('ignored');
  useEffect(() => {
    if (!on || !isDesktop) return;
    // A window that was out of sight asks anew.
    const tell = () => {
      if (isSeen()) void ask('setWallMode', { on: true });
    };
    tell();
    const stop = onSeenChange(tell);
    return () => {
      stop();
      void ask('setWallMode', { on: false });
    };
  }, [ask, on, isDesktop]);
}

function isInAddress(): boolean {
  return new URLSearchParams(location.search).has('wall');
}

/** A page that is loaded again after the wall was left is the ordinary one. */
function leaveAddress(): void {
  if (!isInAddress()) return;
  const address = new URL(location.href);
  address.searchParams.delete('wall');
  history.replaceState(history.state, '', address);
}

/** Without it the wall fills the window. */
async function enterFullScreen(): Promise<void> {
  await document.documentElement.requestFullscreen?.().catch(() => {});
}

async function leaveFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen().catch(() => {});
}
