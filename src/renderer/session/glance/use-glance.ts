import { useCallback } from 'react';
import { startOfToday } from '../../../domain/glance/job-counts.ts';
import { type ServerGlance, serverGlance } from '../../../domain/glance/server-glance.ts';
import { serverStateOf } from '../../../domain/monitor-state.ts';
import { useNow, useOncePerTick, wallTimeOf } from '../../ui/clock.ts';
import { useSession } from '../session-context.tsx';

/** A server at a glance, as of the last second; null while there is no such server (any more). */
export function useGlance(serverId: string): ServerGlance | null {
  const { monitor } = useSession();
  const now = useNow();
  const server = useOncePerTick(
    useCallback(() => serverStateOf(monitor.getState(), serverId), [monitor, serverId]),
  );
  return server ? serverGlance(server, { now, today: startOfToday(now, wallTimeOf(now)) }) : null;
}
