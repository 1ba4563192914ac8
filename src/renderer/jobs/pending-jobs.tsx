import { memo, type ReactNode, useCallback, useId, useRef } from 'react';
import type { Job } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { queueText } from '../../domain/jobs/outlook/outlook-text.ts';
import { queueOutlook } from '../../domain/jobs/outlook/queue-outlook.ts';
import { serverStateOf } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';
import { formatCount } from '../../domain/text/format.ts';
import { useStanding } from '../session/connection-status.tsx';
import { usePage, useServer, useSession } from '../session/session-context.tsx';
import { useNow, useOncePerTick, wallTimeOf } from '../ui/clock.ts';
import { ShowAll } from '../ui/controls/show-all.tsx';
import { useKeptFocus } from '../ui/kept-focus.ts';
import { useLanguage } from '../ui/language.tsx';
import { CancelJob, ClearQueue } from './job-actions.tsx';
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
    <span className="pending-time" title={left?.isAll ? measured : measuredInPart}>{` · ${text}`}</span>
  );
}

const measured = 'Until all are done, the running one included, by how long such prompts took before';
const measuredInPart = `${measured}; some have not run before or take longer than usual`;

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
        <h2 id={heading}>Up next</h2>
        <span className="panel-count">
          {jobs.length > 0 && (
            <>
              {jobs.length}
              <span className="pending-word"> waiting</span>
            </>
          )}
          {children}
        </span>
        {serverId !== undefined && <ClearQueue serverId={serverId} jobs={jobs} connected={connected} />}
      </header>
      {jobs.length === 0 ? (
        <p className="panel-empty">{connected ? 'Nothing is waiting.' : 'Unknown while not connected.'}</p>
      ) : (
        <ol className="job-list" data-scroll={all || undefined}>
          {shown.map((job, index) => (
            <PendingRow
              key={job.promptId}
              job={job}
              position={index + 1}
              connected={connected}
              commands={serverId !== undefined}
            />
          ))}
        </ol>
      )}
      <ShowAll total={jobs.length} atFirst={shownAtFirst} all={all} onChange={setAll} />
    </section>
  );
}

interface PendingRowProps {
  job: Job;
  position: number;
  connected: boolean;
  /** Whether it can be cancelled. */
  commands: boolean;
}

const PendingRow = memo(function PendingRow({ job, position, connected, commands }: PendingRowProps) {
  useLanguage();
  return (
    <li className="pending-row" id={`job-${job.promptId}`} tabIndex={-1}>
      <span className="pending-position">{position}</span>
      <span className="job-title" title={jobTitle(job)}>
        {jobTitle(job)}
      </span>
      <span className="job-fact">{job.nodeTotal === null ? '' : formatCount(job.nodeTotal, 'node')}</span>
      {commands && <CancelJob job={job} connected={connected} />}
    </li>
  );
});
