import { useId, useState } from 'react';
import { previewUrl } from '../../contract/media-url.ts';
import { canRunCompanion, companionStanding } from '../../domain/companion.ts';
import type { Job } from '../../domain/jobs/job.ts';
import { jobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import { isReached } from '../../domain/server.ts';
import { blindSpot } from '../../domain/unreadable.ts';
import { t } from '../../language/t.ts';
import { useStanding } from '../session/connection-status.tsx';
import { useDialogs } from '../session/dialogs-context.ts';
import { usePage, useServer } from '../session/session-context.tsx';
import { useNow } from '../ui/clock.ts';
import { EmptyState } from '../ui/controls/empty-state.tsx';
import { UnseenFailures } from './failures/unseen-failures.tsx';
import { InterruptJob } from './job-actions.tsx';
import { LastResult } from './last-result.tsx';
import { RunningJob } from './running-job.tsx';
import './running-jobs.css';

const none: Job[] = [];

/** What a server runs now. Usually one prompt; evidence of others may linger. */
export function RunningJobs({ serverId }: { serverId: string }) {
  const jobs = useServer(serverId, (server) => server.running, none);
  const finished = useServer(serverId, (server) => server.finished, none);
  const learnt = useServer(serverId, (server) => server.learnt, null);
  const connection = useServer(serverId, (server) => server.connection, null);
  const { phase } = useStanding(serverId);
  const connected = isReached(phase);
  const waiting = useServer(serverId, (server) => server.pending.length > 0, false);
  const companion = useServer(serverId, (server) => companionStanding(server.facts), 'unknown');
  const canRun = useServer(serverId, (server) => canRunCompanion(server.facts), false);
  const blind = useServer(serverId, (server) => blindSpot(server.facts), null);
  const { installCompanion } = useDialogs();
  const mediaBase = usePage((page) => page.host?.mediaBase ?? null);
  const at = useLastKnown(serverId, connected);
  const [ticked, setTicked] = useState({ at, jobs });
  if (ticked.at !== at) setTicked({ at, jobs });
  // The head of the page goes by ticks, too: two figures of one thing may not differ by a moment.
  const atTick = (job: Job): Job => ticked.jobs.find(({ promptId }) => promptId === job.promptId) ?? job;
  const heading = useId();
  const between = jobs.length === 0 && connected && waiting;
  const idleTitle =
    !connected || blind !== null
      ? t('jobs.not_known')
      : between
        ? t('jobs.between_prompts')
        : t('jobs.nothing_runs');
  // What was known of a server out of reach would pass for news.
  const shownLast = jobs.length === 0 && connected ? (finished.find(hasResult) ?? null) : null;
  return (
    <section className="panel running" aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{t('jobs.running')}</h2>
        {jobs.length > 1 && <span className="panel-count">{jobs.length}</span>}
        {!connected && jobs.length > 0 && <span className="panel-note">{t('jobs.last_known')}</span>}
        {shownLast && <span className="panel-note">{idleTitle}</span>}
        <UnseenFailures serverId={serverId} />
        {/* In the head, so that the panel stays as high as it is between two prompts. */}
        {jobs[0] && <InterruptJob key={jobs[0].promptId} job={jobs[0]} connected={connected} />}
      </header>
      {shownLast && <LastResult key={shownLast.promptId} serverId={serverId} job={shownLast} />}
      {jobs.length === 0 && !shownLast && (
        <EmptyState icon="play" title={idleTitle}>
          <p>{connected && blind !== null ? blind : emptyText(connected, between)}</p>
        </EmptyState>
      )}
      {connected && blind !== null && (jobs.length > 0 || shownLast) && (
        <p className="running-blind">{blind}</p>
      )}
      {jobs.map((job, index) => (
        <RunningJob
          key={job.promptId}
          job={job}
          now={at}
          connected={connected}
          learnt={learnt}
          outlook={learnt && connection ? jobOutlook({ learnt, connection }, atTick(job), at) : null}
          preview={
            job.preview && mediaBase !== null ? previewUrl(mediaBase, serverId, job.preview.revision) : null
          }
          prominent={index === 0}
          companion={
            phase === 'polling' ? 'unheard' : canRun || companion !== 'absent' ? companion : 'unable'
          }
          onInstallCompanion={phase === 'connected' && canRun ? () => installCompanion(serverId) : undefined}
        >
          {index > 0 && <InterruptJob job={job} connected={connected} />}
        </RunningJob>
      ))}
    </section>
  );
}

/**
 * Now, or without a connection the time of which we last know anything: when it was lost, or what was
 * shown last. (The server reports nothing of prompts of other clients, so the jobs themselves do not say.)
 */
function useLastKnown(serverId: string, connected: boolean): number {
  const now = useNow();
  const lostAt = useServer(serverId, (server) => server.lostAt, null);
  const [shown, setShown] = useState<number | null>(null);
  if (connected && shown !== now) setShown(now);
  return connected ? now : Math.max(lostAt ?? 0, shown ?? 0);
}

/** What was cancelled before it ran, or is not known any more, is no result. */
function hasResult({ state }: Job): boolean {
  return state === 'success' || state === 'error' || state === 'interrupted';
}

function emptyText(connected: boolean, between: boolean): string {
  if (!connected) return t('jobs.shown_when_connected');
  return t(between ? 'jobs.next_is_about_to_start' : 'jobs.queue_a_prompt');
}
