import { memo } from 'react';
import { formatDuration } from '../../shared/format.ts';
import { type Job, jobElapsed, jobTitle } from '../../shared/job.ts';
import { Icon } from '../ui/icon.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { ErrorReport } from './error-report.tsx';
import { JobStateIcon, JobStateWord } from './job-state.tsx';

/** A job that ended; a failed one unfolds to what went wrong. */
export const FinishedJob = memo(function FinishedJob({ job }: { job: Job }) {
  return (
    <li className="finished-job" id={`job-${job.promptId}`} tabIndex={-1}>
      {job.error ? (
        <details>
          <summary className="finished-summary">
            <FinishedSummary job={job} />
          </summary>
          <ErrorReport job={job} error={job.error} />
        </details>
      ) : (
        <div className="finished-summary">
          <FinishedSummary job={job} />
        </div>
      )}
      {job.state === 'lost' && (
        <p className="finished-why">
          The server does not know this prompt any more: it was restarted, or somebody deleted the entry.
        </p>
      )}
    </li>
  );
});

function FinishedSummary({ job }: { job: Job }) {
  const duration = job.finishedAt === null ? null : jobElapsed(job, job.finishedAt);
  return (
    <>
      <JobStateIcon state={job.state} />
      <span className="job-title" title={jobTitle(job)}>
        {jobTitle(job)}
      </span>
      <span
        className="job-fact"
        title={duration === null ? 'Nobody told how long it took' : 'How long it took'}
      >
        {duration === null ? '–' : formatDuration(duration)}
      </span>
      <span className="finished-facts">
        <JobStateWord state={job.state} />
        {job.finishedAt !== null && (
          <>
            <span aria-hidden="true">·</span>
            <TimeAgo at={job.finishedAt} />
          </>
        )}
        {job.error && (
          <span className="finished-more">
            Why
            <Icon name="chevron" />
          </span>
        )}
      </span>
    </>
  );
}
