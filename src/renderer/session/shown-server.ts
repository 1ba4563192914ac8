import { useCallback, useState } from 'react';

const prefix = '#server=';
const allHash = '#all';

/** What the user chose to see: a server by its id, or all of them (null). */
export interface Shown {
  serverId: string | null;
}

/**
 * What the user chose to see; null if nothing was chosen. It is kept in the page's address, so that a page that is
 * loaded again shows the same: after a reload in the browser, or when the desktop app makes its window anew.
 */
export function useShownServer(): [Shown | null, (serverId: string | null) => void] {
  const [chosen, setChosen] = useState(() => shownIn(location.hash));
  const choose = useCallback((serverId: string | null) => {
    setChosen({ serverId });
    const hash = serverId === null ? allHash : `${prefix}${encodeURIComponent(serverId)}`;
    history.replaceState(history.state, '', hash);
  }, []);
  return [chosen, choose];
}

/** What is shown of these servers: the chosen one while it is there, else all (null), of which one alone is that one. */
export function shownOf(chosen: Shown | null, serverIds: readonly string[]): string | null {
  if (chosen?.serverId != null && serverIds.includes(chosen.serverId)) return chosen.serverId;
  return serverIds.length === 1 ? (serverIds[0] ?? null) : null;
}

function shownIn(hash: string): Shown | null {
  if (hash === allHash) return { serverId: null };
  if (!hash.startsWith(prefix)) return null;
  try {
    return { serverId: decodeURIComponent(hash.slice(prefix.length)) };
  } catch {
    return null;
  }
}
