import { actions } from '../../contract/actions/actions.ts';
import { useMonitor, usePage } from '../session/session-context.tsx';
import { useCommand } from '../session/use-command.ts';
import { useNow, wallTimeOf } from '../ui/clock.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { miniModel } from './mini-model.ts';
import { MiniView } from './mini-view.tsx';

/** The mini mode: everything at a glance, in a window of its own. */
export function MiniPage({ onBack }: { onBack: () => void }) {
  const state = useMonitor((whole) => whole);
  const isLost = usePage((page) => page.link === 'lost');
  const model = miniModel(state, useNow(), wallTimeOf);
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

const words = {
  idle: actions.interrupt.label,
  sent: 'Interrupting…',
  late: 'It still runs; interrupt again',
};

/** Interrupts the running prompt. As long as it is here, the prompt still runs. */
function MiniInterrupt({ serverId, promptId, title }: MiniInterruptProps) {
  const { phase, send } = useCommand({ do: 'interrupt', serverId, promptId });
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`${words[phase]} “${title}”`}
      title={words[phase]}
      aria-disabled={phase === 'sent' || undefined}
      onClick={() => phase !== 'sent' && send()}
    >
      <Icon name={phase === 'late' ? 'alert' : 'stop'} />
    </button>
  );
}
