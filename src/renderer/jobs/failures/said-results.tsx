import { useEffect, useState } from 'react';
import { type Job, jobElapsed } from '../../../domain/jobs/job.ts';
import { newlyFinished } from '../../../domain/jobs/job-lists.ts';
import { jobTitle } from '../../../domain/jobs/job-titles.ts';
import { serverStateOf } from '../../../domain/monitor-state.ts';
import { formatDuration } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { useSession } from '../../session/session-context.tsx';

/** More that end at once are counted. */
const maxSaid = 3;

/** Says to those who cannot see it, once, what became of each prompt that ends while the page is open. */
export function SaidResults({ serverId }: { serverId: string }) {
  const { monitor } = useSession();
  const [said, setSaid] = useState({ count: 0, text: '' });
  useEffect(
    () =>
      monitor.subscribe((state, earlier) => {
        const server = serverStateOf(state, serverId);
        if (!server) return;
        const results = newlyFinished(serverStateOf(earlier, serverId), server).flatMap(
          (job) => resultText(job) ?? [],
        );
        if (results.length === 0) return;
        const text =
          results.length > maxSaid ? t('jobs.said_many', { count: results.length }) : results.join(' ');
        setSaid(({ count }) => ({ count: count + 1, text }));
      }),
    [monitor, serverId],
  );
  return (
    <p className="visually-hidden" role="status">
      {/* A new element, as the same words twice would not be said again. */}
      <span key={said.count}>{said.text}</span>
    </p>
  );
}

/** Null for what is no result, such as a prompt that was taken out of the queue. */
function resultText(job: Job): string | null {
  const title = jobTitle(job);
  const elapsed = job.finishedAt === null ? null : jobElapsed(job, job.finishedAt);
  switch (job.state) {
    case 'success':
      return elapsed === null
        ? t('jobs.said_done', { title })
        : t('jobs.said_done_in', { title, duration: formatDuration(elapsed) });
    case 'error':
      return t('jobs.said_failed', { title, why: job.error?.message.split('\n', 1)[0]?.slice(0, 200) ?? '' });
    case 'interrupted':
      return t('jobs.said_interrupted', { title });
    default:
      return null;
  }
}
