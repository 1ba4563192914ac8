import type { JobState } from '../../domain/jobs/job.ts';
import type { TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';
import { Icon, type IconName } from '../ui/controls/icon.tsx';
import './job-state.css';

const looks: Record<JobState, { icon: IconName; word: TextKey }> = {
  queued: { icon: 'more', word: 'jobs.state.queued' },
  running: { icon: 'play', word: 'jobs.state.running' },
  success: { icon: 'check', word: 'jobs.state.done' },
  error: { icon: 'cross', word: 'jobs.state.failed' },
  interrupted: { icon: 'stop', word: 'jobs.state.interrupted' },
  cancelled: { icon: 'minus', word: 'jobs.state.cancelled' },
  lost: { icon: 'question', word: 'jobs.state.lost' },
  ended: { icon: 'question', word: 'jobs.state.ended' },
};

/** A job's state as icon; decoration beside its word, so that colour is never all there is. */
export function JobStateIcon({ state }: { state: JobState }) {
  return (
    <span className="job-state-icon" data-state={state}>
      <Icon name={looks[state].icon} />
    </span>
  );
}

export function JobStateWord({ state }: { state: JobState }) {
  return <span data-state={state}>{t(looks[state].word)}</span>;
}
