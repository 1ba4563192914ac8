import { memo, useEffect, useRef } from 'react';
import { type Job, jobElapsed, wasAllCached } from '../../../domain/jobs/job.ts';
import { jobTitle } from '../../../domain/jobs/job-titles.ts';
import { type ExecutedOutput, outputName } from '../../../domain/outputs/executed-output.ts';
import { formatDuration } from '../../../domain/text/format.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { useUnits } from '../../ui/units.ts';
import { energyDetails, energyText } from '../energy-text.ts';
import { JobStateIcon, JobStateWord } from '../job-state.tsx';
import { JobWords } from '../job-words.tsx';
import { mainOutput } from '../last-result.tsx';
import { peakText } from '../peak-text.ts';
import type { WantedJob } from '../use-unfolded.ts';
import { ErrorReport } from './error-report.tsx';
import './finished-job.css';

interface FinishedJobProps {
  job: Job;
  /** Set when the job is asked for; a new object for every request. */
  wanted: WantedJob | null;
  onView: (promptId: string, output: ExecutedOutput) => void;
}

/** A job that ended; a failed one unfolds to what went wrong, another one leads to what it made. */
export const FinishedJob = memo(function FinishedJob({ job, wanted, onView }: FinishedJobProps) {
  useLanguage();
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (wanted && details.current) details.current.open = true;
  }, [wanted]);
  const output = mainOutput(job);
  return (
    <li className="finished-job" id={`job-${job.promptId}`} tabIndex={-1}>
      {job.error ? (
        <details ref={details}>
          <summary className="finished-summary">
            <FinishedSummary job={job} />
          </summary>
          <ErrorReport job={job} error={job.error} />
        </details>
      ) : output ? (
        <button
          type="button"
          className="finished-summary"
          title={`View ${outputName(output)}`}
          onClick={() => onView(job.promptId, output)}
        >
          <FinishedSummary job={job} />
        </button>
      ) : (
        <div className="finished-summary">
          <FinishedSummary job={job} />
        </div>
      )}
      <JobWords job={job} />
      {job.state === 'lost' && (
        <p className="finished-why">
          The server does not know this prompt any more: it was restarted, or somebody deleted the entry.
        </p>
      )}
      {job.state === 'ended' && (
        <p className="finished-why">
          It is over, but the server’s answer about it cannot be read: how it ended is not known.
        </p>
      )}
    </li>
  );
});

/** An allocation that fails at once, as when memory runs out, may lie between two measurements. */
const measured = 'Highest VRAM use measured while it ran, every second or two';

/** The card is measured, not the program. */
const ofWhat = 'what the GPUs used while it ran, whatever else they did then';

function FinishedSummary({ job }: { job: Job }) {
  const duration = job.finishedAt === null ? null : jobElapsed(job, job.finishedAt);
  const peak = peakText(job, useUnits());
  const energy = energyText(job);
  return (
    <>
      <JobStateIcon state={job.state} />
      <span className="job-title" title={jobTitle(job)}>
        {jobTitle(job)}
      </span>
      <span
        className="job-fact"
        title={duration === null ? 'How long it took is not known' : 'How long it took'}
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
        {job.state === 'success' && wasAllCached(job) && (
          <>
            <span aria-hidden="true">·</span>
            <span title="Nothing had to run: all results were there from an earlier prompt">
              everything was cached
            </span>
          </>
        )}
        {peak !== null && (
          <span className="finished-figure">
            <span aria-hidden="true">·</span>
            <span title={measured}>peak {peak}</span>
          </span>
        )}
        {energy !== null && (
          <span className="finished-figure">
            <span aria-hidden="true">·</span>
            <span title={`${energyDetails(job)}: ${ofWhat}`}>{energy}</span>
          </span>
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
