import type { JobState } from '../../domain/jobs/job.ts';
import { Icon, type IconName } from '../ui/controls/icon.tsx';
import './job-state.css';

const looks: Record<JobState, { icon: IconName; word: string }> = {
  queued: { icon: 'more', word: 'Queued' },
  running: { icon: 'play', word: 'Running' },
  success: { icon: 'check', word: 'Done' },
  error: { icon: 'cross', word: 'Failed' },
  interrupted: { icon: 'stop', word: 'Interrupted' },
  cancelled: { icon: 'minus', word: 'Cancelled' },
  lost: { icon: 'question', word: 'Lost' },
  ended: { icon: 'question', word: 'Ended' },
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
  return <span data-state={state}>{looks[state].word}</span>;
}
