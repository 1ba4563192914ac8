import { useEffect, useState, useSyncExternalStore } from 'react';
import { useMonitor } from '../session/session-context.tsx';
import { hostNow, useNow, wallTimeOf } from '../ui/clock.ts';
import { isSeen, onSeenChange } from '../ui/seen.ts';
import { pageTitle } from './page-title.ts';

/** Keeps the title of the window or tab; see `pageTitle`. */
export function usePageTitle(shownServerId: string | null): void {
  const unseenSince = useUnseenSince();
  // While it is looked at, time passes without an event, too.
  useNow();
  const title = useMonitor((state) => {
    const now = Math.floor(hostNow() / 1_000) * 1_000;
    return pageTitle(state, shownServerId, unseenSince, now, wallTimeOf);
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** When the page was looked at last, ms by the host's clock; null while it is. */
function useUnseenSince(): number | null {
  const seen = useSyncExternalStore(onSeenChange, isSeen);
  const [since, setSince] = useState(() => (seen ? null : hostNow()));
  if (seen && since !== null) setSince(null);
  if (!seen && since === null) setSince(hostNow());
  return since;
}
