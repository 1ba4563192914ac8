import { type Job, jobElapsed } from '../../../domain/jobs/job.ts';
import type { JobOutlook } from '../../../domain/jobs/outlook/job-outlook.ts';
import { basisText, endText, stepHeadline } from '../../../domain/jobs/outlook/outlook-text.ts';
import { formatDuration, formatFraction } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { wallTimeOf } from '../../ui/clock.ts';
import './job-headline.css';

interface JobHeadlineProps {
  job: Job;
  outlook: JobOutlook | null;
  /** ms since the epoch, by the clock of the state. */
  now: number;
}

/**
 * When it is done and how far it is, large enough to be read in passing. Where nothing was measured that tells it, the step
 * that it is at; where no steps are reported, how long it has been running.
 */
export function JobHeadline({ job, outlook, now }: JobHeadlineProps) {
  const end = outlook && endText(outlook, wallTimeOf);
  const basis = outlook && basisText(outlook);
  return (
    <p className="job-headline" data-overdue={outlook?.isOverdue || undefined}>
      <b>{figureText(job, outlook, now)}</b>
      {end !== null && (
        <span className="job-headline-end" title={basis ?? undefined}>
          {end}
        </span>
      )}
      {end !== null && basis !== null && <span className="job-headline-basis">{basis}</span>}
    </p>
  );
}

function figureText(job: Job, outlook: JobOutlook | null, now: number): string {
  const fraction = outlook?.fraction ?? null;
  if (fraction !== null) return formatFraction(fraction);
  const steps = stepHeadline(job);
  if (steps !== null) return steps;
  const elapsed = jobElapsed(job, now);
  return elapsed === null || elapsed < 1_000
    ? '–'
    : t('jobs.running_for', { duration: formatDuration(elapsed) });
}
