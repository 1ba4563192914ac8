import type { JobState } from '../../shared/job.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

const looks: Record<JobState, { icon: IconName; word: string }> = {
  queued: { icon: 'more', word: 'Queued' },
  running: { icon: 'play', word: 'Running' },
  success: { icon: 'check', word: 'Done' },
  error: { icon: 'cross', word: 'Failed' },
  interrupted: { icon: 'stop', word: 'Interrupted' },
  cancelled: { icon: 'minus', word: 'Cancelled' },
  lost: { icon: 'question', word: 'Lost' },
};

/** A job's state as icon and word, so that colour is never all there is. */
export function JobStateMark({ state }: { state: JobState }) {
  const { icon, word } = looks[state];
  return (
    <span className="job-state" data-state={state}>
      <Icon name={icon} />
      <span>{word}</span>
    </span>
  );
}
