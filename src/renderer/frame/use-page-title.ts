import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { areWordsDue } from '../../domain/text/words-due.ts';
import { useMonitor } from '../session/session-context.tsx';
import { hostNow, useNow, wallTimeOf } from '../ui/clock.ts';
import { isSeen, onSeenChange } from '../ui/seen.ts';
import { pageTitle } from './page-title.ts';

/** Keeps the title of the window or tab; see `pageTitle`. */
export function usePageTitle(shownServerId: string | null): void {
  const unseenSince = useUnseenSince();
  // While it is looked at, time passes without an event, too.
  const tick = useNow();
  const title = useMonitor((state) => {
    const now = Math.floor(hostNow() / 1_000) * 1_000;
    return pageTitle(state, shownServerId, unseenSince, now, wallTimeOf);
  });
  const setAt = useRef(Number.NEGATIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a title that was held back is due with a later tick.
  useEffect(() => {
    if (!areWordsDue(document.title, title, performance.now() - setAt.current)) return;
    // A desktop draws the frame of the window and its entry in the taskbar for each of them.
    document.title = title;
    setAt.current = performance.now();
  }, [title, tick]);
}

/** When the page was looked at last, ms by the host's clock; null while it is. */
function useUnseenSince(): number | null {
  const seen = useSyncExternalStore(onSeenChange, isSeen);
  const [since, setSince] = useState(() => (seen ? null : hostNow()));
  if (seen && since !== null) setSince(null);
  if (!seen && since === null) setSince(hostNow());
  return since;
}
