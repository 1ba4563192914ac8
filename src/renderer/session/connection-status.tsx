import type { Connection } from '../../domain/server.ts';
import { usePage, useServer } from './session-context.tsx';
import './connection-status.css';
import { t } from '../../language/t.ts';

/** How a server's connection stands, as far as the page knows: without its host it knows nothing. */
export type Standing = Connection['phase'] | 'unknown';

export function useStanding(serverId: string): { phase: Standing; word: string } {
  const isLost = usePage((page) => page.link === 'lost');
  const phase = useServer(serverId, (state) => state.connection.phase, 'disabled');
  const word = useServer(serverId, (state) => connectionWord(state.connection), '');
  return isLost ? { phase: 'unknown', word: t('frame.link.no_news') } : { phase, word };
}

/** How a connection stands, in a word. */
function connectionWord(connection: Connection): string {
  switch (connection.phase) {
    case 'connected':
      return t('frame.link.connected');
    case 'polling':
      return t('frame.link.polling');
    case 'connecting':
      return connection.attempt > 1 ? t('frame.link.reconnecting') : t('frame.link.connecting');
    case 'waiting':
      return t('frame.link.not_connected');
    case 'disabled':
      return t('frame.link.paused');
  }
}

/** A dot that differs in shape as well as in colour; say the word beside it. */
export function ConnectionDot({ phase }: { phase: Standing }) {
  return <span className="connection-dot" data-phase={phase} aria-hidden="true" />;
}
