import { useMemo, useSyncExternalStore } from 'react';
import type { Job } from '../../../domain/jobs/job.ts';
import { jobTitle } from '../../../domain/jobs/job-titles.ts';
import { t } from '../../../language/t.ts';
import { useServer } from '../../session/session-context.tsx';
import { Icon } from '../../ui/controls/icon.tsx';
import { useShowJob } from '../use-show-job.ts';
import { dismissFailures, onSeenFailures, seenFailures, unseenFailures } from './seen-failures.ts';
import './unseen-failures.css';

const none: Job[] = [];

/**
 * Prompts that failed and that nobody has seen: what failed, until its error is opened or it is dismissed. It stands in
 * the head of a panel, so that nothing moves when it comes.
 */
export function UnseenFailures({ serverId }: { serverId: string }) {
  const finished = useServer(serverId, (server) => server.finished, none);
  const watchedSince = useServer(serverId, (server) => server.watchedSince, null);
  const seen = useSyncExternalStore(onSeenFailures, seenFailures)[serverId];
  const failures = useMemo(
    () => unseenFailures({ finished, watchedSince }, seen),
    [finished, watchedSince, seen],
  );
  const show = useShowJob(serverId);
  const [newest] = failures;
  if (!newest) return null;
  const why = newest.error?.message.trim().split('\n', 1)[0] ?? '';
  return (
    <section className="failures" aria-label={t('jobs.failures')}>
      <Icon name="alert" />
      <p className="failures-what" title={`${jobTitle(newest)}: ${why}`}>
        <b>{t('jobs.failed_which', { count: failures.length, title: jobTitle(newest) })}</b>
        {why !== '' && <span>{why}</span>}
      </p>
      <button type="button" className="button small" onClick={() => show.job(newest.promptId)}>
        {t('jobs.why')}
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('jobs.dismiss_failures', { count: failures.length })}
        title={t('jobs.dismiss_failures', { count: failures.length })}
        onClick={() => dismissFailures(serverId, failures)}
      >
        <Icon name="cross" />
      </button>
    </section>
  );
}
