import type { Connection } from '../../shared/server.ts';

/** How a connection stands, in a word. */
export function connectionWord(connection: Connection): string {
  switch (connection.phase) {
    case 'connected':
      return 'Connected';
    case 'connecting':
      return connection.attempt > 1 ? 'Reconnecting' : 'Connecting';
    case 'waiting':
      return 'Not connected';
    case 'disabled':
      return 'Paused';
  }
}

/** A dot that differs in shape as well as in colour; say the word beside it. */
export function ConnectionDot({ phase }: { phase: Connection['phase'] }) {
  return <span className="connection-dot" data-phase={phase} aria-hidden="true" />;
}
