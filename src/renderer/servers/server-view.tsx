import { useState } from 'react';
import type { Connection, ConnectionProblem } from '../../shared/server.ts';
import { useServer } from '../bridge/session-context.tsx';
import { MachinePanel } from '../charts/machine-panel.tsx';
import { Gallery } from '../gallery/gallery.tsx';
import { FinishedJobs } from '../jobs/finished-jobs.tsx';
import { PendingJobs } from '../jobs/pending-jobs.tsx';
import { RunningJobs } from '../jobs/running-jobs.tsx';
import { useNow } from '../ui/clock.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import './servers.css';
import { ProblemCard } from './problem-card.tsx';
import { ServerDetails } from './server-details.tsx';
import { StartHints } from './start-hints.tsx';
import { useServerCalls } from './use-server-calls.ts';

interface ServerViewProps {
  serverId: string;
  demoRuns: boolean;
  onAdd: () => void;
  onChangeAddress: (serverId: string, url: string) => void;
  onSelect: (serverId: string) => void;
}

const noConnection: Connection = { phase: 'disabled' };

/** Everything about one server. */
export function ServerView({ serverId, demoRuns, onAdd, onChangeAddress, onSelect }: ServerViewProps) {
  const server = useServer(serverId, (state) => state.server, null);
  const connection = useServer(serverId, (state) => state.connection, noConnection);
  const everReached = useServer(serverId, (state) => state.watchedSince !== null, false);
  const problem = useLastingProblem(connection);
  const calls = useServerCalls();
  if (!server) return null;
  return (
    <div className="server-view">
      {problem && (
        <Problem serverId={serverId} url={server.url} problem={problem} connection={connection}>
          {!server.demo && (
            <button type="button" className="button" onClick={() => onChangeAddress(serverId, server.url)}>
              Change address
            </button>
          )}
        </Problem>
      )}
      {everReached ? (
        <div className="server-columns">
          <RunningJobs serverId={serverId} />
          <div className="server-side">
            <MachinePanel serverId={serverId} />
            <PendingJobs serverId={serverId} />
          </div>
          <Gallery serverId={serverId} />
          <div className="server-side">
            <FinishedJobs serverId={serverId} />
            <ServerDetails serverId={serverId} />
          </div>
        </div>
      ) : (
        <>
          {!problem && (
            <div className="panel">
              <EmptyState
                icon="server"
                title={connection.phase === 'disabled' ? 'Not watched' : 'Connecting'}
              >
                <p>{server.url}</p>
              </EmptyState>
            </div>
          )}
          {problem && (
            <StartHints
              url={server.url}
              onAdd={onAdd}
              onTryDemo={demoRuns ? null : () => calls.startDemo(onSelect)}
            />
          )}
          <ServerDetails serverId={serverId} />
        </>
      )}
    </div>
  );
}

interface ProblemProps {
  serverId: string;
  url: string;
  problem: ConnectionProblem;
  connection: Connection;
  children: React.ReactNode;
}

/** Apart, so that only the card follows the clock. */
function Problem({ serverId, children, ...card }: ProblemProps) {
  const calls = useServerCalls();
  return (
    <ProblemCard {...card} now={useNow()} onRetry={() => calls.retry(serverId)}>
      {children}
    </ProblemCard>
  );
}

/** The last problem, kept while the next attempt is under way, so that the card does not blink. */
function useLastingProblem(connection: Connection): ConnectionProblem | null {
  const [last, setLast] = useState<ConnectionProblem | null>(null);
  const current =
    connection.phase === 'waiting' ? connection.problem : connection.phase === 'connecting' ? last : null;
  if (current !== last) setLast(current);
  return current;
}
