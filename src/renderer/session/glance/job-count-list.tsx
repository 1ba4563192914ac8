import type { ReactNode } from 'react';
import { endedCount } from '../../../domain/glance/glance-words.ts';
import type { JobCounts } from '../../../domain/glance/job-counts.ts';
import type { TextKey } from '../../../language/english.ts';
import { Text } from '../../ui/language.tsx';
import './job-count-list.css';

export type CountedJobs = 'running' | 'waiting' | 'done' | 'failed';

interface JobCountListProps {
  counts: JobCounts;
  /** Failures that nobody has looked at yet draw the eye. */
  isFailureNew?: boolean;
  /** Makes each count lead to its list; without, they are only shown. */
  onGo?: (which: CountedJobs) => void;
}

/** The prompts of a server, counted by how they stand, each by the one word that it has everywhere. */
export function JobCountList({ counts, isFailureNew = false, onGo }: JobCountListProps) {
  const { running, waiting, inQueue, done, failed } = counts;
  return (
    <ul className="job-counts">
      {inQueue === null ? (
        <>
          <Count which="running" onGo={onGo}>
            {words('running', running)}
          </Count>
          <Count which="waiting" onGo={onGo}>
            {words('waiting', waiting)}
          </Count>
        </>
      ) : (
        <Count which="waiting" onGo={onGo}>
          {words('in_queue', inQueue)}
        </Count>
      )}
      <Count which="done" onGo={onGo}>
        {words('done', done === null ? null : endedCount(done, counts))}
      </Count>
      {failed > 0 && (
        <Count which="failed" isNew={isFailureNew} onGo={onGo}>
          {words('failed', endedCount(failed, counts))}
        </Count>
      )}
    </ul>
  );
}

const countTexts: Readonly<Record<CountedJobs | 'in_queue', TextKey>> = {
  running: 'glance.count.running',
  waiting: 'glance.count.waiting',
  in_queue: 'glance.count.in_queue',
  done: 'glance.count.done',
  failed: 'glance.count.failed',
};

/** A number and its word; a dash stands for a number that is not known. */
function words(which: CountedJobs | 'in_queue', n: number | string | null): ReactNode {
  return <Text id={countTexts[which]} values={{ n: n ?? '–', b: (chunks) => <b>{chunks}</b> }} />;
}

interface CountProps {
  which: CountedJobs;
  isNew?: boolean;
  onGo: ((which: CountedJobs) => void) | undefined;
  children: ReactNode;
}

function Count({ which, isNew = false, onGo, children }: CountProps) {
  return (
    <li className="job-count" data-which={which} data-new={isNew || undefined}>
      {onGo ? (
        <button type="button" onClick={() => onGo(which)}>
          {children}
        </button>
      ) : (
        <span>{children}</span>
      )}
    </li>
  );
}
