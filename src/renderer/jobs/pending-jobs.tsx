import { type ReactNode, useCallback, useId, useRef } from 'react';
import type { Job } from '../../domain/jobs/job.ts';
import { queueText } from '../../domain/jobs/outlook/outlook-text.ts';
import { queueOutlook } from '../../domain/jobs/outlook/queue-outlook.ts';
import { serverStateOf } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';
import { formatWhole } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { useStanding } from '../session/connection-status.tsx';
import { usePage, useServer, useSession } from '../session/session-context.tsx';
import { useNow, useOncePerTick, wallTimeOf } from '../ui/clock.ts';
import { ShowAll } from '../ui/controls/show-all.tsx';
import { useKeptFocus } from '../ui/kept-focus.ts';
import { ClearQueue } from './job-actions.tsx';
import { PendingRow } from './pending/pending-row.tsx';
import { useUnfolded, type WantedJob } from './use-unfolded.ts';
import './pending-jobs.css';
import './job-list.css';

const none: Job[] = [];
const shownAtFirst = 6;

/** The prompts that wait, in queue order. */
export function PendingJobs({ serverId }: { serverId: string }) {
  const jobs = useServer(serverId, (server) => server.pending, none);
  const connected = isReached(useStanding(serverId).phase);
  const wanted = usePage((page) => page.wantedJob);
  return (
    <PendingList serverId={serverId} jobs={jobs} connected={connected} wanted={wanted}>
      {connected && jobs.length > 0 && <QueueTime serverId={serverId} />}
    </PendingList>
  );
}

/** How long the queue still takes, as far as it follows from earlier runs; nothing if it does not. */
function QueueTime({ serverId }: { serverId: string }) {
  const { monitor } = useSession();
  const now = useNow();
  const server = useOncePerTick(
    useCallback(() => serverStateOf(monitor.getState(), serverId), [monitor, serverId]),
  );
  const left = server ? queueOutlook(server, now) : null;
  const text = left && queueText(left, wallTimeOf);
  return text === null ? null : (
    <span
      className="pending-time"
      title={t(left?.isAll ? 'jobs.queue_measured' : 'jobs.queue_measured_in_part')}
    >{` · ${text}`}</span>
  );
}

interface PendingListProps {
  /** Whose queue it is, for commands; without, the jobs are only shown. */
  serverId?: string;
  jobs: Job[];
  connected: boolean;
  /** The job to be brought into view, which may be one of those that are folded away. */
  wanted?: WantedJob | null;
  /** Said beside their number. */
  children?: ReactNode;
}

export function PendingList({ serverId, jobs, connected, wanted = null, children }: PendingListProps) {
  const [all, setAll] = useUnfolded(jobs, shownAtFirst, wanted);
  const heading = useId();
  const shown = all ? jobs : jobs.slice(0, shownAtFirst);
  const panel = useRef<HTMLElement>(null);
  useKeptFocus(panel, '.cancel-job');
  return (
    <section className="panel pending" aria-labelledby={heading} ref={panel} tabIndex={-1}>
      <header className="panel-head">
        <h2 id={heading}>{t('jobs.up_next')}</h2>
        <span className="panel-count">
          {jobs.length > 0 && (
            <>
              {formatWhole(jobs.length)}
              <span className="pending-word"> {t('jobs.waiting', { count: jobs.length })}</span>
            </>
          )}
          {children}
        </span>
        {serverId !== undefined && <ClearQueue serverId={serverId} jobs={jobs} connected={connected} />}
      </header>
      {jobs.length === 0 ? (
        <p className="panel-empty">{t(connected ? 'jobs.nothing_waits' : 'jobs.unknown_queue')}</p>
      ) : (
        <ol className="job-list" data-scroll={all || undefined}>
          {shown.map((job, index) => (
            <PendingRow
              key={job.promptId}
              serverId={serverId ?? null}
              job={job}
              position={index + 1}
              connected={connected}
            />
          ))}
        </ol>
      )}
      <ShowAll total={jobs.length} atFirst={shownAtFirst} all={all} onChange={setAll} />
    </section>
  );
}
