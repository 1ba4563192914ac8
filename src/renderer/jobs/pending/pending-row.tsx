import { memo, useCallback, useId, useState } from 'react';
import type { Job } from '../../../domain/jobs/job.ts';
import { jobTitle } from '../../../domain/jobs/job-titles.ts';
import { serverStateOf } from '../../../domain/monitor-state.ts';
import { formatDuration, formatSoon } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { useSession } from '../../session/session-context.tsx';
import { useNow, useOncePerTick, wallTimeOf } from '../../ui/clock.ts';
import { Icon } from '../../ui/controls/icon.tsx';
import { useLanguage } from '../../ui/language.tsx';
import { shownParameters } from '../facts/facts-text.ts';
import { FactsInFull } from '../facts/job-facts.tsx';
import { CancelJob } from '../job-actions.tsx';
import { queueTimes } from './queue-times.ts';
import './pending-row.css';

interface PendingRowProps {
  /** Whose queue it is; null where the jobs are only shown. */
  serverId: string | null;
  job: Job;
  position: number;
  connected: boolean;
}

/** A prompt that waits; it opens to what it is made with, and to when its turn comes. */
export const PendingRow = memo(function PendingRow({ serverId, job, position, connected }: PendingRowProps) {
  useLanguage();
  const [open, setOpen] = useState(false);
  const details = useId();
  const title = jobTitle(job);
  const parameters = shownParameters(job);
  return (
    <li className="pending-row" id={`job-${job.promptId}`} tabIndex={-1}>
      <div className="pending-line">
        <span className="pending-position">{position}</span>
        <button
          type="button"
          className="row-toggle"
          aria-expanded={open}
          aria-controls={open ? details : undefined}
          title={title}
          onClick={() => setOpen(!open)}
        >
          <span className="job-title">{title}</span>
          <Icon name="chevron" />
        </button>
        <span className="job-fact">
          {job.nodeTotal === null ? '' : t('jobs.nodes', { count: job.nodeTotal })}
        </span>
        {serverId !== null && <CancelJob job={job} connected={connected} />}
      </div>
      {open && (
        <div className="row-details" id={details}>
          {serverId !== null && connected && <TimesInQueue serverId={serverId} promptId={job.promptId} />}
          {parameters ? (
            <FactsInFull parameters={parameters} />
          ) : (
            <p className="row-unknown">{t('jobs.facts_not_known_yet')}</p>
          )}
        </div>
      )}
    </li>
  );
});

/** When its turn comes, once a second; apart, so that only rows that are open follow the clock. */
function TimesInQueue({ serverId, promptId }: { serverId: string; promptId: string }) {
  const { monitor } = useSession();
  const now = useNow();
  const server = useOncePerTick(
    useCallback(() => serverStateOf(monitor.getState(), serverId), [monitor, serverId]),
  );
  const times = server ? queueTimes(server, promptId, now) : null;
  if (times === null) return null;
  const { usualMs, startsAt, doneAt } = times;
  const clock = (at: number) => formatSoon(wallTimeOf(at), wallTimeOf(now));
  const said = [
    usualMs === null ? t('jobs.usual_not_known') : t('jobs.usually', { duration: formatDuration(usualMs) }),
    startsAt === null ? null : t('jobs.starts_about', { time: clock(startsAt) }),
    doneAt === null ? null : t('jobs.done_about', { time: clock(doneAt) }),
  ];
  return <p>{said.filter((part) => part !== null).join(' · ')}</p>;
}
