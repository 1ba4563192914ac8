import { useEffect, useState } from 'react';
import type { CallResponse } from '../../contract/bridge/calls.ts';
import { useHost } from '../session/use-host.ts';

export type FoundServer = CallResponse<'findServers'>[number];

/** Between one look and the next, ms. */
const pace = 5_000;
const none: readonly FoundServer[] = [];

/** ComfyUIs on this computer that are not watched yet; looks for them only while the page is visible. */
export function useFoundServers(): readonly FoundServer[] {
  const { ask } = useHost('ignored');
  const [found, setFound] = useState(none);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      if (document.visibilityState !== 'hidden') {
        // An offer, and no more: that it could not be made is no news.
        const reply = await ask('findServers', undefined);
        if (over) return;
        const seen = reply.ok ? reply.value : none;
        setFound((before) => (alike(before, seen) ? before : seen));
      }
      timer = setTimeout(() => void look(), pace);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [ask]);
  return found;
}

function alike(a: readonly FoundServer[], b: readonly FoundServer[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
