import { memo, useId, useState } from 'react';
import { formatCount } from '../../shared/format.ts';
import { type Job, jobTitle } from '../../shared/job.ts';
import { useServer } from '../bridge/session-context.tsx';
import { useStanding } from '../servers/connection-status.tsx';
import { ShowAll } from '../ui/show-all.tsx';

const none: Job[] = [];
const shownAtFirst = 6;

/** The prompts that wait, in queue order. */
export function PendingJobs({ serverId }: { serverId: string }) {
  const jobs = useServer(serverId, (server) => server.pending, none);
  const connected = useStanding(serverId).phase === 'connected';
  return <PendingList jobs={jobs} connected={connected} />;
}

export function PendingList({ jobs, connected }: { jobs: Job[]; connected: boolean }) {
  const [all, setAll] = useState(false);
  const heading = useId();
  const shown = all ? jobs : jobs.slice(0, shownAtFirst);
  return (
    <section className="panel pending" aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>Up next</h2>
        <span className="panel-count">{jobs.length > 0 ? `${jobs.length} waiting` : ''}</span>
      </header>
      {jobs.length === 0 ? (
        <p className="panel-empty">{connected ? 'Nothing is waiting.' : 'Unknown while not connected.'}</p>
      ) : (
        <ol className="job-list" data-scroll={all || undefined}>
          {shown.map((job, index) => (
            <PendingRow key={job.promptId} job={job} position={index + 1} />
          ))}
        </ol>
      )}
      <ShowAll total={jobs.length} atFirst={shownAtFirst} all={all} onChange={setAll} />
    </section>
  );
}

const PendingRow = memo(function PendingRow({ job, position }: { job: Job; position: number }) {
  return (
    <li className="pending-row" id={`job-${job.promptId}`} tabIndex={-1}>
      <span className="pending-position">{position}</span>
      <span className="job-title" title={jobTitle(job)}>
        {jobTitle(job)}
      </span>
      <span className="job-fact">{job.nodeTotal === null ? '' : formatCount(job.nodeTotal, 'node')}</span>
    </li>
  );
});
