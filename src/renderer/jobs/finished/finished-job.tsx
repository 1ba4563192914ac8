import { memo, useEffect, useId, useRef, useState } from 'react';
import { type Job, jobElapsed, wasAllCached } from '../../../domain/jobs/job.ts';
import { jobTitle } from '../../../domain/jobs/job-titles.ts';
import { type ExecutedOutput, outputName } from '../../../domain/outputs/executed-output.ts';
import { formatDuration } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { markSeen } from '../../session/glance/seen-failures.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { useUnits } from '../../ui/units.ts';
import { energyDetails, energyText } from '../energy-text.ts';
import { expectedText } from '../expected-text.ts';
import { shownParameters } from '../facts/facts-text.ts';
import { FactsInFull } from '../facts/job-facts.tsx';
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
  const parameters = shownParameters(job);
  const [open, setOpen] = useState(false);
  const facts = useId();
  return (
    <li className="finished-job" id={`job-${job.promptId}`} tabIndex={-1}>
      {job.error ? (
        <details ref={details} onToggle={({ currentTarget }) => currentTarget.open && markSeen(job)}>
          <summary className="finished-summary">
            <FinishedSummary job={job} />
          </summary>
          <ErrorReport job={job} error={job.error} />
          {parameters && (
            <div className="finished-facts-full">
              <FactsInFull parameters={parameters} />
            </div>
          )}
        </details>
      ) : (
        <div className="finished-row">
          {output ? (
            <button
              type="button"
              className="finished-summary"
              title={t('jobs.view_output', { name: outputName(output) })}
              onClick={() => onView(job.promptId, output)}
            >
              <FinishedSummary job={job} />
            </button>
          ) : (
            <div className="finished-summary">
              <FinishedSummary job={job} />
            </div>
          )}
          {parameters && (
            <button
              type="button"
              className="icon-button row-toggle"
              aria-label={t('jobs.facts_of', { title: jobTitle(job) })}
              title={t('jobs.facts')}
              aria-expanded={open}
              aria-controls={open ? facts : undefined}
              onClick={() => setOpen(!open)}
            >
              <Icon name="chevron" />
            </button>
          )}
        </div>
      )}
      {open && parameters && (
        <div className="finished-facts-full" id={facts}>
          <FactsInFull parameters={parameters} />
        </div>
      )}
      <JobWords job={job} />
      {job.state === 'lost' && <p className="finished-why">{t('jobs.lost_why')}</p>}
      {job.state === 'ended' && <p className="finished-why">{t('jobs.ended_why')}</p>}
    </li>
  );
});

function FinishedSummary({ job }: { job: Job }) {
  const duration = job.finishedAt === null ? null : jobElapsed(job, job.finishedAt);
  const peak = peakText(job, useUnits());
  const energy = energyText(job);
  const expected = expectedText(job);
  return (
    <>
      <JobStateIcon state={job.state} />
      <span className="job-title" title={jobTitle(job)}>
        {jobTitle(job)}
      </span>
      <span className="job-fact" title={t(duration === null ? 'jobs.duration_not_known' : 'jobs.how_long')}>
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
            <span title={t('jobs.all_cached_why')}>{t('jobs.all_was_cached')}</span>
          </>
        )}
        {expected !== null && (
          <span className="finished-figure">
            <span aria-hidden="true">·</span>
            <span>{expected}</span>
          </span>
        )}
        {peak !== null && (
          <span className="finished-figure">
            <span aria-hidden="true">·</span>
            <span title={t('jobs.peak_measured')}>{t('jobs.peak', { peak })}</span>
          </span>
        )}
        {energy !== null && (
          <span className="finished-figure">
            <span aria-hidden="true">·</span>
            <span title={t('jobs.energy_of_what', { energy: energyDetails(job) ?? energy })}>{energy}</span>
          </span>
        )}
        {job.error && (
          <span className="finished-more">
            {t('jobs.why')}
            <Icon name="chevron" />
          </span>
        )}
      </span>
    </>
  );
}
