import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { Bridge } from '../../contract/bridge/bridge.ts';
import { type MonitorState, type ServerState, serverStateOf } from '../../domain/monitor-state.ts';
import type { PageSession, PageState } from './page-session.ts';

const SessionContext = createContext<PageSession | null>(null);

export function SessionProvider({ session, children }: { session: PageSession; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): PageSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('SessionProvider is missing');
  return session;
}

export function useBridge(): Bridge {
  return useSession().bridge;
}

/** Reads from the monitored state; renders again only when what `pick` gives is another value. */
export function useMonitor<T>(pick: (state: MonitorState) => T): T {
  return useStore(useSession().monitor, pick);
}

/** Reads from one server; `absent` while there is no such server (any more). */
export function useServer<T>(serverId: string, pick: (server: ServerState) => T, absent: T): T {
  return useMonitor((state) => {
    const server = serverStateOf(state, serverId);
    return server ? pick(server) : absent;
  });
}

/** Reads what the page knows besides the monitored state. */
export function usePage<T>(pick: (state: PageState) => T): T {
  return useStore(useSession().page, pick);
}
