import { useCallback, useState } from 'react';

const prefix = '#server=';

/**
 * The server that the user chose to see, by id; null for none. It is kept in the page's address, so that a page that
 * is loaded again shows the same one: after a reload in the browser, or when the desktop app makes its window anew.
 */
export function useShownServer(): [string | null, (serverId: string) => void] {
  const [chosen, setChosen] = useState(() => serverIn(location.hash));
  const choose = useCallback((serverId: string) => {
    setChosen(serverId);
    history.replaceState(history.state, '', `${prefix}${encodeURIComponent(serverId)}`);
  }, []);
  return [chosen, choose];
}

function serverIn(hash: string): string | null {
  if (!hash.startsWith(prefix)) return null;
  try {
    return decodeURIComponent(hash.slice(prefix.length));
  } catch {
    return null;
  }
}
