import type { Connection } from '../../domain/server.ts';
import { usePage, useServer } from './session-context.tsx';
import './connection-status.css';

/** How a server's connection stands, as far as the page knows: without its host it knows nothing. */
export type Standing = Connection['phase'] | 'unknown';

export function useStanding(serverId: string): { phase: Standing; word: string } {
  const isLost = usePage((page) => page.link === 'lost');
  const phase = useServer(serverId, (state) => state.connection.phase, 'disabled');
  const word = useServer(serverId, (state) => connectionWord(state.connection), '');
  return isLost ? { phase: 'unknown', word: 'No news' } : { phase, word };
}

/** How a connection stands, in a word. */
function connectionWord(connection: Connection): string {
  switch (connection.phase) {
    case 'connected':
      return 'Connected';
    case 'polling':
      return 'Polling';
    case 'connecting':
      return connection.attempt > 1 ? 'Reconnecting' : 'Connecting';
    case 'waiting':
      return 'Not connected';
    case 'disabled':
      return 'Paused';
  }
}

/** A dot that differs in shape as well as in colour; say the word beside it. */
export function ConnectionDot({ phase }: { phase: Standing }) {
  return <span className="connection-dot" data-phase={phase} aria-hidden="true" />;
}
