import type { Job } from '../../domain/jobs/job.ts';
import { nodeTitle } from '../../domain/jobs/job-titles.ts';
import { t } from '../../language/t.ts';
import { Icon } from '../ui/controls/icon.tsx';
import './job-words.css';

/** What nodes and the server said to people while a job ran, for example what a blocked node wants. */
export function JobWords({ job }: { job: Job }) {
  const { words, wordsOmitted } = job;
  if (words.length === 0 && wordsOmitted === 0) return null;
  return (
    <ul className="job-words" aria-label={t('jobs.what_was_said')}>
      {words.map(({ nodeId, text }) => (
        <li key={`${nodeId} ${text}`}>
          <Icon name="info" />
          <span>
            <b>{nodeId === null ? t('jobs.server') : nodeTitle(job, nodeId)}:</b> {text}
          </span>
        </li>
      ))}
      {wordsOmitted > 0 && <li>{t('jobs.more_words', { count: wordsOmitted })}</li>}
    </ul>
  );
}
