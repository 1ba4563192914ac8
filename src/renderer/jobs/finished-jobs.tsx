import { useId, useState } from 'react';
import type { Job } from '../../shared/job.ts';
import { useServer } from '../bridge/session-context.tsx';
import { ShowAll } from '../ui/show-all.tsx';
import { FinishedJob } from './finished-job.tsx';

const none: Job[] = [];
const shownAtFirst = 8;

/** The jobs that ended, newest first. */
export function FinishedJobs({ serverId }: { serverId: string }) {
  return <FinishedList jobs={useServer(serverId, (server) => server.finished, none)} />;
}

export function FinishedList({ jobs }: { jobs: Job[] }) {
  const [all, setAll] = useState(false);
  const heading = useId();
  const shown = all ? jobs : jobs.slice(0, shownAtFirst);
  return (
    <section className="panel finished" aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>Finished</h2>
      </header>
      {jobs.length === 0 ? (
        <p className="panel-empty">No prompt has finished yet.</p>
      ) : (
        <ul className="job-list" data-scroll={all || undefined}>
          {shown.map((job) => (
            <FinishedJob key={job.promptId} job={job} />
          ))}
        </ul>
      )}
      <ShowAll total={jobs.length} atFirst={shownAtFirst} all={all} onChange={setAll} />
    </section>
  );
}
