import { jobTitle } from '../../../domain/jobs/job-titles.ts';
import { t } from '../../../language/t.ts';
import { dismissFailures, useUnseenFailures } from '../../session/glance/seen-failures.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { useShowJob } from '../use-show-job.ts';
import './unseen-failures.css';

/**
 * Prompts that failed and that nobody has seen: what failed, until its error is opened or it is dismissed. It stands in
 * the head of a panel, so that nothing moves when it comes.
 */
export function UnseenFailures({ serverId }: { serverId: string }) {
  const failures = useUnseenFailures(serverId);
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
