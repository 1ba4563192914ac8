import { useState } from 'react';
import type { Connection, ConnectionProblem } from '../../domain/server.ts';
import { hostOf } from '../../domain/server-address.ts';
import { FinishedJobs } from '../jobs/finished/finished-jobs.tsx';
import { PendingJobs } from '../jobs/pending-jobs.tsx';
import { RunningJobs } from '../jobs/running-jobs.tsx';
import { MachinePanel } from '../machine/machine-panel.tsx';
import { Gallery } from '../outputs/gallery.tsx';
import { FoundServers } from '../servers/found-servers.tsx';
import { ProblemCard } from '../servers/problem-card.tsx';
import { ServerDetails } from '../servers/server-details.tsx';
import { StartHints } from '../servers/start-hints.tsx';
import { type FormStart, useDialogs } from '../session/dialogs-context.ts';
import { ServerAddress } from '../session/server-address.tsx';
import { useMonitor, usePage, useServer } from '../session/session-context.tsx';
import { useActions } from '../session/use-actions.ts';
import { useHost } from '../session/use-host.ts';
import { useNow } from '../ui/clock.ts';
import { EmptyState } from '../ui/controls/empty-state.tsx';
import { Icon } from '../ui/controls/icon.tsx';
import { ActionButton } from './action-button.tsx';
import { GlanceBar } from './top/glance-bar.tsx';
import './server-view.css';
import { t } from '../../language/t.ts';
import { Text } from '../ui/language.tsx';

interface ServerViewProps {
  serverId: string;
  demoRuns: boolean;
  onSelect: (serverId: string) => void;
}

const noConnection: Connection = { phase: 'disabled' };

/** Everything about one server. */
export function ServerView({ serverId, demoRuns, onSelect }: ServerViewProps) {
  const server = useServer(serverId, (state) => state.server, null);
  const connection = useServer(serverId, (state) => state.connection, noConnection);
  const everReached = useServer(serverId, (state) => state.watchedSince !== null, false);
  const problem = useLastingProblem(connection);
  const othersConnected = useMonitor(({ servers }) =>
    servers.some((other) => other.server.id !== serverId && other.connection.phase === 'connected'),
  );
  const { ask } = useHost();
  const { run } = useActions();
  const resume = () => void ask('changeServer', { serverId, enabled: true });
  const { addServer, editServer } = useDialogs();
  if (!server) return null;
  const secured =
    problem && server.authentication.kind === 'none' ? securedAddress(problem, server.url) : null;
  const nothingThere = problem !== null && starts[problem.kind] === undefined;
  const canBeStarted = problem !== null && startable.includes(problem.kind) && !othersConnected;
  return (
    <div className="server-view">
      {everReached && <GlanceBar serverId={serverId} />}
      {problem && (
        <Problem serverId={serverId} url={server.url} problem={problem} connection={connection}>
          {secured !== null && (
            <button
              type="button"
              className="button"
              onClick={() => void ask('changeServer', { serverId, url: secured })}
            >
              <Icon name="check" />
              {t('frame.use_address', { url: secured })}
            </button>
          )}
          <ActionButton request={{ do: 'open_server', serverId }} className="button" />
          {!server.demo && <EditAction problem={problem} onEdit={(start) => editServer(serverId, start)} />}
        </Problem>
      )}
      {everReached && connection.phase === 'disabled' && <Paused url={server.url} onResume={resume} />}
      {everReached ? (
        <div className="server-columns">
          <RunningJobs serverId={serverId} />
          <div className="server-side" data-side="now">
            <MachinePanel serverId={serverId} />
            <PendingJobs serverId={serverId} />
          </div>
          <Gallery serverId={serverId} />
          <div className="server-side" data-side="past">
            <FinishedJobs serverId={serverId} />
            <ServerDetails serverId={serverId} />
          </div>
        </div>
      ) : (
        <>
          {!problem &&
            (connection.phase === 'disabled' ? (
              <Paused url={server.url} onResume={resume} />
            ) : (
              <div className="panel">
                <EmptyState icon="server" title={t('frame.connecting')}>
                  <p>
                    <ServerAddress server={server} />
                  </p>
                </EmptyState>
              </div>
            ))}
          {nothingThere && <FoundServers onAdded={onSelect} />}
          {canBeStarted && (
            <StartHints
              url={server.url}
              onAdd={addServer}
              onTryDemo={demoRuns ? null : () => void run({ do: 'start_demo' })}
            />
          )}
          <ServerDetails serverId={serverId} />
        </>
      )}
    </div>
  );
}

function Paused({ url, onResume }: { url: string; onResume: () => void }) {
  return (
    <section className="paused" aria-label={t('frame.paused')}>
      <p>
        <Text id="frame.paused.text" values={{ url, b: (words) => <b>{words}</b> }} />
      </p>
      <button type="button" className="button" onClick={onResume}>
        <Icon name="play" />
        {t('frame.resume')}
      </button>
    </section>
  );
}

/**
 * The address by https that the same host asks for; what another host says is for the user to judge. A login would
 * have to be entered anew: it is for one scheme, host and port.
 */
function securedAddress({ kind, address }: ConnectionProblem, url: string): string | null {
  if (kind !== 'moved' || address === undefined || !address.startsWith('https:')) return null;
  return hostOf(address) === hostOf(url) ? address : null;
}

interface EditActionProps {
  problem: ConnectionProblem;
  onEdit: (start: FormStart) => void;
}

/** The way to what can be wrong in the settings: the login, the certificate, or the address. */
function EditAction({ problem, onEdit }: EditActionProps) {
  // A proxy that wants a login of its own does not get one from us.
  const start = (problem.status === 407 ? null : starts[problem.kind]) ?? 'address';
  return (
    <button type="button" className="button" onClick={() => onEdit(start)}>
      <Icon name="edit" />
      {start === 'address' ? t('frame.change_address') : t('frame.edit_server')}
    </button>
  );
}

/** Where to begin when something answers, but does not let us in. */
const starts: Partial<Record<ConnectionProblem['kind'], FormStart>> = {
  unauthorized: 'login',
  login: 'login',
  forbidden: 'login',
  tls: 'test',
};

/**
 * Where starting ComfyUI can be all that is missing. Where something answers that is not ComfyUI, for
 * example, nothing connects by itself however often ComfyUI is started.
 */
const startable: readonly ConnectionProblem['kind'][] = [
  'refused',
  'name-not-found',
  'unreachable',
  'timeout',
];

interface ProblemProps {
  serverId: string;
  url: string;
  problem: ConnectionProblem;
  connection: Connection;
  children: React.ReactNode;
}

/** Apart, so that only the card follows the clock. */
function Problem({ serverId, children, ...card }: ProblemProps) {
  const { run } = useActions();
  const platform = usePage((page) => page.host?.platform ?? null);
  return (
    <ProblemCard
      {...card}
      platform={platform}
      now={useNow()}
      onRetry={() => void run({ do: 'retry', serverId })}
    >
      {children}
    </ProblemCard>
  );
}

/** The last problem, kept while the next attempt is under way, so that the card does not blink. */
function useLastingProblem(connection: Connection): ConnectionProblem | null {
  const [last, setLast] = useState<ConnectionProblem | null>(null);
  const current =
    'problem' in connection ? connection.problem : connection.phase === 'connecting' ? last : null;
  if (current !== last) setLast(current);
  return current;
}
