import { useCallback } from 'react';
import { useMonitor, usePage } from '../session/session-context.tsx';
import { useJobCalls } from '../session/use-job-calls.ts';
import { useRequest } from '../session/use-request.ts';
import { useNow } from '../ui/clock.ts';
import { Icon } from '../ui/icon.tsx';
import { miniModel } from './mini-model.ts';
import { MiniView } from './mini-view.tsx';

/** The mini mode: everything at a glance, in a window of its own. */
export function MiniPage({ onBack }: { onBack: () => void }) {
  const state = useMonitor((whole) => whole);
  const isLost = usePage((page) => page.link === 'lost');
  const model = miniModel(state, useNow());
  const job = isLost ? null : (model?.job ?? null);
  return (
    <MiniView model={model} isLost={isLost}>
      {model && job && (
        <MiniInterrupt
          key={job.promptId}
          serverId={model.server.id}
          promptId={job.promptId}
          title={job.title}
        />
      )}
      <button
        type="button"
        className="icon-button"
        aria-label="Back to the full window"
        title="Back to the full window"
        onClick={onBack}
      >
        <Icon name="expand" />
      </button>
    </MiniView>
  );
}

interface MiniInterruptProps {
  serverId: string;
  promptId: string;
  title: string;
}

const words = { idle: 'Interrupt', asked: 'Interrupting…', late: 'It still runs; interrupt again' };

/** Interrupts the running prompt. As long as it is here, the prompt still runs. */
function MiniInterrupt({ serverId, promptId, title }: MiniInterruptProps) {
  const { interrupt } = useJobCalls(serverId);
  const { phase, ask } = useRequest(useCallback(() => interrupt(promptId), [interrupt, promptId]));
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`${words[phase]} “${title}”`}
      title={words[phase]}
      aria-disabled={phase === 'asked' || undefined}
      onClick={() => phase !== 'asked' && ask()}
    >
      <Icon name={phase === 'late' ? 'alert' : 'stop'} />
    </button>
  );
}
