import { useState } from 'react';
import { actions } from '../../contract/actions/actions.ts';
import type { Job } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { t } from '../../language/t.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx';
import './job-actions.css';
import { useCommand } from '../session/use-command.ts';

interface JobActionProps {
  job: Job;
  connected: boolean;
}

/**
 * Interrupts the running prompt. It goes away together with its job; as long as it is here, the job
 * still runs.
 */
export function InterruptJob({ job, connected }: JobActionProps) {
  const { serverId, promptId } = job;
  const { phase, send } = useCommand({ do: 'interrupt', serverId, promptId });
  const words = {
    idle: actions.interrupt.label,
    sent: t('jobs.interrupting'),
    late: t('jobs.interrupt_again'),
  };
  return (
    <div className="interrupt">
      <button
        type="button"
        className="button small"
        aria-label={t('jobs.action_on', { action: words[phase], title: jobTitle(job) })}
        aria-disabled={phase === 'sent' || undefined}
        disabled={!connected}
        onClick={() => phase !== 'sent' && send()}
      >
        <Icon name="stop" />
        {words[phase]}
      </button>
      <span role="status" className="interrupt-note">
        {phase === 'late' && t('jobs.interrupt_late')}
      </span>
    </div>
  );
}

/** Takes one waiting prompt out of the queue. */
export function CancelJob({ job, connected }: JobActionProps) {
  const { serverId, promptId } = job;
  const { phase, send } = useCommand({ do: 'cancel_job', serverId, promptId });
  const words = { idle: actions.cancel_job.label, sent: t('jobs.cancelling'), late: t('jobs.cancel_again') };
  const label = t('jobs.action_of', { action: words[phase], title: jobTitle(job) });
  return (
    <button
      type="button"
      className="icon-button cancel-job"
      data-phase={phase}
      aria-label={label}
      title={words[phase]}
      aria-disabled={phase === 'sent' || undefined}
      disabled={!connected}
      onClick={() => phase !== 'sent' && send()}
    >
      <Icon name={phase === 'late' ? 'alert' : 'cross'} />
    </button>
  );
}

interface ClearQueueProps {
  serverId: string;
  jobs: readonly Job[];
  connected: boolean;
}

/** Empties the queue, after a question that says how much that is. */
export function ClearQueue({ serverId, jobs, connected }: ClearQueueProps) {
  const { phase, send } = useCommand({ do: 'clear_queue', serverId, count: jobs.length });
  const [asking, setAsking] = useState(false);
  /** What waited when it was asked for; prompts that were queued later are no part of it. */
  const [meant, setMeant] = useState<ReadonlySet<string>>(new Set());
  const left = phase === 'idle' ? 0 : jobs.filter((job) => meant.has(job.promptId)).length;
  const busy = left > 0 && phase === 'sent';
  const clear = () => {
    setMeant(new Set(jobs.map((job) => job.promptId)));
    send();
  };
  return (
    <>
      {left > 0 && phase === 'late' && (
        <span className="panel-note" role="status">
          {t('jobs.still_there', { count: left })}
        </span>
      )}
      {(jobs.length > 0 || asking) && (
        <button
          type="button"
          className="button small"
          aria-disabled={busy || undefined}
          disabled={!connected}
          onClick={() => !busy && setAsking(true)}
        >
          <Icon name="trash" />
          {busy ? t('jobs.clearing') : actions.clear_queue.label}
        </button>
      )}
      {asking && (
        <ConfirmDialog
          title={
            jobs.length === 0
              ? t('jobs.nothing_waits_any_more')
              : t('jobs.clear_question', { count: jobs.length })
          }
          confirm={
            jobs.length === 0 ? actions.clear_queue.label : t('jobs.clear_confirm', { count: jobs.length })
          }
          keep={jobs.length === 0 ? t('jobs.close') : t('jobs.clear_keep', { count: jobs.length })}
          onConfirm={clear}
          onClose={() => setAsking(false)}
        >
          <p>{t('jobs.clear_consequence')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
