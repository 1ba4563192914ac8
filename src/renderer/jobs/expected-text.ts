import { type Job, jobElapsed } from '../../domain/jobs/job.ts';
import { formatDuration } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';

/** What differs less is as expected: as a share of the usual, and ms. */
const alike = { share: 0.15, ms: 1_500 } as const;

/** How long a finished prompt took beside the usual: `as expected`, `usually 5 min 00 s`; null where that is not known. */
export function expectedText(job: Job): string | null {
  const took = job.finishedAt === null ? null : jobElapsed(job, job.finishedAt);
  if (job.state !== 'success' || took === null || job.usual === null) return null;
  return Math.abs(took - job.usual) <= Math.max(alike.ms, alike.share * job.usual)
    ? t('jobs.as_expected')
    : t('jobs.usually', { duration: formatDuration(job.usual) });
}
