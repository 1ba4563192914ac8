import { memo } from 'react';
import { type ByteUnits, formatBytesOf, formatDuration } from '../../shared/format.ts';
import { type Job, type JobError, jobElapsed, jobTitle, nodeTitle } from '../../shared/job.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { TimeAgo } from '../ui/time-ago.tsx';
import { useUnits } from '../ui/units.ts';
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

/** An allocation that fails at once, as when memory runs out, may lie between two measurements. */
const measured = 'Highest VRAM use measured while it ran, about once a second';

function FinishedSummary({ job }: { job: Job }) {
  const duration = job.finishedAt === null ? null : jobElapsed(job, job.finishedAt);
  const peak = peakText(job, useUnits());
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
        {peak !== null && (
          <>
            <span aria-hidden="true">·</span>
            <span className="finished-peak" title={measured}>
              peak {peak}
            </span>
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

function ErrorReport({ job, error }: { job: Job; error: JobError }) {
  const where = error.nodeId === null ? null : nodeTitle(job, error.nodeId);
  const peak = peakText(job, useUnits());
  return (
    <div className="error-report">
      <p className="error-message">
        {error.exceptionType !== null && <b>{error.exceptionType}: </b>}
        {error.message}
      </p>
      {where !== null && (
        <p className="error-where">
          In the node “{where}” (id {error.nodeId}
          {error.nodeType !== null && error.nodeType !== where ? `, ${error.nodeType}` : ''})
        </p>
      )}
      {error.traceback.length > 0 && (
        <section className="error-trace" aria-label="Traceback">
          <pre>{error.traceback.join('')}</pre>
        </section>
      )}
      <CopyButton text={errorText(job, error, where, peak)} label="Copy error" />
    </div>
  );
}

/** The error as text for a bug report. */
function errorText(job: Job, error: JobError, where: string | null, peak: string | null): string {
  return [
    `${jobTitle(job)} (${job.promptId})`,
    ...(where === null ? [] : [`Node: ${where} (id ${error.nodeId}, ${error.nodeType ?? 'type unknown'})`]),
    ...(peak === null ? [] : [`Highest VRAM use measured while it ran: ${peak}`]),
    `${error.exceptionType ?? 'Error'}: ${error.message}`,
    ...error.traceback.map((line) => line.trimEnd()),
  ].join('\n');
}

function peakText({ peakVram }: Job, units: ByteUnits): string | null {
  return peakVram && formatBytesOf(peakVram.used, peakVram.total, units);
}
