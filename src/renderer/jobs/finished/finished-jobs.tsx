import { useId } from 'react';
import type { Job } from '../../../domain/jobs/job.ts';
import { limits } from '../../../domain/monitor-state.ts';
import type { ExecutedOutput } from '../../../domain/outputs/executed-output.ts';
import { usePage, useServer } from '../../session/session-context.tsx';
import { ShowAll } from '../../ui/controls/show-all.tsx';
import { useShowJob } from '../use-show-job.ts';
import { useUnfolded, type WantedJob } from '../use-unfolded.ts';
import { FinishedJob } from './finished-job.tsx';
import '../job-list.css';

const none: Job[] = [];
const shownAtFirst = 8;

/** The jobs that ended, newest first. */
export function FinishedJobs({ serverId }: { serverId: string }) {
  const wanted = usePage((page) => page.wantedJob);
  const jobs = useServer(serverId, (server) => server.finished, none);
  return <FinishedList jobs={jobs} wanted={wanted} onView={useShowJob(serverId).output} />;
}

interface FinishedListProps {
  jobs: Job[];
  /** The job to be brought into view, which may be one of those that are folded away. */
  wanted?: WantedJob | null;
  /** Shows what a job made. */
  onView?: (promptId: string, output: ExecutedOutput) => void;
}

const nowhere = () => {};

export function FinishedList({ jobs, wanted = null, onView = nowhere }: FinishedListProps) {
  const [all, setAll] = useUnfolded(jobs, shownAtFirst, wanted);
  const heading = useId();
  const capped = jobs.length >= limits.finishedJobs;
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
            <FinishedJob
              key={job.promptId}
              job={job}
              wanted={wanted?.promptId === job.promptId ? wanted : null}
              onView={onView}
            />
          ))}
          {all && capped && <li className="list-end">Older ones are in ComfyUI’s own history.</li>}
        </ul>
      )}
      <ShowAll total={jobs.length} atFirst={shownAtFirst} all={all} capped={capped} onChange={setAll} />
    </section>
  );
}
