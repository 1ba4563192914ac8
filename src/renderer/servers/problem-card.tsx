import type { ReactNode } from 'react';
import { explainProblem } from '../../domain/connection-advice.ts';
import type { Connection, ConnectionProblem } from '../../domain/server.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { timeUntil } from '../ui/time-ago.tsx';
import './problem-card.css';
import { t } from '../../language/t.ts';

interface ProblemCardProps {
  problem: ConnectionProblem;
  url: string;
  /** Of the host, whose network it is; null if not known. */
  platform: string | null;
  connection: Connection;
  /** ms since the epoch. */
  now: number;
  onRetry: () => void;
  /** Further ways out, beside "Retry now". */
  children?: ReactNode;
}

/** What is wrong between us and a server, why, what to do, and when we try again. */
export function ProblemCard({
  problem,
  url,
  platform,
  connection,
  now,
  onRetry,
  children,
}: ProblemCardProps) {
  const { what, why, next } = explainProblem(problem, url, platform);
  return (
    <section className="problem" aria-label={t('servers.problem')}>
      <span className="problem-icon">
        <Icon name="alert" />
      </span>
      <div className="problem-body">
        <h2>{what}</h2>
        <p>{why}</p>
        {connection.phase === 'polling' && problem.kind !== 'no-websocket' && (
          <p>{t('servers.problem.live_only')}</p>
        )}
        <p className="problem-next">{next}</p>
        {problem.detail !== '' && (
          <details className="problem-detail">
            <summary>{t('servers.technical')}</summary>
            <code>
              {problem.status !== null && `HTTP ${problem.status}: `}
              {problem.detail}
            </code>
          </details>
        )}
        <div className="problem-actions">
          <span className="problem-retry">
            {'retryAt' in connection
              ? t('servers.problem.trying_again', { when: timeUntil(connection.retryAt, now) })
              : t('servers.problem.trying')}
          </span>
          <button
            type="button"
            className="button primary"
            disabled={!('retryAt' in connection)}
            onClick={onRetry}
          >
            <Icon name="retry" />
            {t('servers.problem.retry')}
          </button>
          {children}
        </div>
      </div>
    </section>
  );
}
