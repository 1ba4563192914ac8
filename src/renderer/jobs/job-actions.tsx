import { useState } from 'react';
import { actions } from '../../contract/actions/actions.ts';
import type { Job } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { formatCount } from '../../domain/text/format.ts';
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
  const words = { idle: actions.interrupt.label, sent: 'Interrupting…', late: 'Interrupt again' };
  return (
    <div className="interrupt">
      <button
        type="button"
        className="button small"
        aria-label={`${words[phase]} “${jobTitle(job)}”`}
        aria-disabled={phase === 'sent' || undefined}
        disabled={!connected}
        onClick={() => phase !== 'sent' && send()}
      >
        <Icon name="stop" />
        {words[phase]}
      </button>
      <span role="status" className="interrupt-note">
        {phase === 'late' &&
          'It still runs, 10 s after the interrupt was sent: ComfyUI stops only between two steps or nodes, so a long one is finished first.'}
      </span>
    </div>
  );
}

/** Takes one waiting prompt out of the queue. */
export function CancelJob({ job, connected }: JobActionProps) {
  const { serverId, promptId } = job;
  const { phase, send } = useCommand({ do: 'cancel_job', serverId, promptId });
  const words = { idle: actions.cancel_job.label, sent: 'Cancelling', late: 'Still waiting; cancel again' };
  const label = `${words[phase]}: ${jobTitle(job)}`;
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
          {left} still there
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
          {busy ? 'Clearing…' : actions.clear_queue.label}
        </button>
      )}
      {asking && (
        <ConfirmDialog
          title={
            jobs.length === 0
              ? 'Nothing is waiting any more'
              : `Remove ${formatCount(jobs.length, 'waiting prompt')} from the queue?`
          }
          confirm={
            jobs.length === 0 ? actions.clear_queue.label : `Remove ${formatCount(jobs.length, 'prompt')}`
          }
          keep={jobs.length === 0 ? 'Close' : jobs.length === 1 ? 'Keep it' : 'Keep them'}
          onConfirm={clear}
          onClose={() => setAsking(false)}
        >
          <p>
            What runs now goes on. Removed prompts cannot be brought back; they would have to be queued again
            in ComfyUI.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
