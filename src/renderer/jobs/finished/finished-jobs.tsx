import { useId } from 'react';
import type { Job } from '../../../domain/jobs/job.ts';
import { limits } from '../../../domain/monitor-state.ts';
import type { ExecutedOutput } from '../../../domain/outputs/executed-output.ts';
import { t } from '../../../language/t.ts';
import { usePage, useServer } from '../../session/session-context.tsx';
import { ShowAll } from '../../ui/controls/show-all.tsx';
import { useShowJob } from '../use-show-job.ts';
import { useUnfolded, type WantedJob } from '../use-unfolded.ts';
import { FinishedJob } from './finished-job.tsx';
import { useHeldJobs } from './held-jobs.ts';
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
  const { jobs: held, fresh, letIn, handlers } = useHeldJobs(jobs, wanted?.promptId ?? null);
  const [all, setAll] = useUnfolded(jobs, shownAtFirst, wanted);
  const heading = useId();
  const capped = jobs.length >= limits.finishedJobs;
  const shown = all ? held : held.slice(0, shownAtFirst);
  return (
    <section className="panel finished" aria-labelledby={heading}>
      <header className="panel-head">
        <h2 id={heading}>{t('jobs.finished')}</h2>
        <Counted jobs={jobs} />
        {fresh > 0 && (
          <button type="button" className="button small" onClick={letIn}>
            {t('jobs.show_new', { count: fresh })}
          </button>
        )}
      </header>
      {jobs.length === 0 ? (
        <p className="panel-empty">{t('jobs.none_finished')}</p>
      ) : (
        <ul className="job-list" data-scroll={all || undefined} {...handlers}>
          {shown.map((job) => (
            <FinishedJob
              key={job.promptId}
              job={job}
              wanted={wanted?.promptId === job.promptId ? wanted : null}
              onView={onView}
            />
          ))}
          {all && capped && <li className="list-end">{t('jobs.older_ones')}</li>}
        </ul>
      )}
      <ShowAll total={jobs.length} atFirst={shownAtFirst} all={all} capped={capped} onChange={setAll} />
    </section>
  );
}

/** How many of those that are kept were done, and how many failed. */
function Counted({ jobs }: { jobs: readonly Job[] }) {
  const of = (state: Job['state']) => jobs.filter((job) => job.state === state).length;
  const [done, failed] = [of('success'), of('error')];
  return (
    <span className="panel-count finished-count">
      {done > 0 && <span>{t('jobs.count_done', { count: done })}</span>}
      {failed > 0 && <span data-state="error">{t('jobs.count_failed', { count: failed })}</span>}
    </span>
  );
}
