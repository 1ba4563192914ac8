import { mediaUrl, previewUrl } from '../../contract/media-url.ts';
import type { TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';
import { usePage, useSession } from '../session/session-context.tsx';
import { useCommand } from '../session/use-command.ts';
import { useNow, useOncePerTick, wallTimeOf } from '../ui/clock.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { type MiniModel, miniModel } from './mini-model.ts';
import { MiniView } from './mini-view.tsx';

/** The mini mode: everything at a glance, in a window of its own. */
export function MiniPage({ onBack }: { onBack: () => void }) {
  const { monitor } = useSession();
  const state = useOncePerTick(monitor.getState);
  const isLost = usePage((page) => page.link === 'lost');
  const mediaBase = usePage((page) => page.host?.mediaBase ?? null);
  const model = miniModel(state, useNow(), wallTimeOf);
  const job = isLost ? null : (model?.job ?? null);
  return (
    <MiniView
      model={model}
      isLost={isLost}
      picture={model && mediaBase !== null ? pictureOf(model, mediaBase) : null}
    >
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
        aria-label={t('mini.back')}
        title={t('mini.back')}
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
  idle: { short: 'actions.interrupt', whole: 'mini.interrupt' },
  sent: { short: 'mini.interrupting', whole: 'mini.interrupting_what' },
  late: { short: 'mini.interrupt_again', whole: 'mini.interrupt_again_what' },
} as const satisfies Record<string, Record<string, TextKey>>;

/** What the running job shows of its picture, else what was made last. */
function pictureOf({ server, preview, picture }: MiniModel, mediaBase: string): string | null {
  if (preview !== null) return previewUrl(mediaBase, server.id, preview);
  if (!picture?.output.file) return null;
  const { promptId, output } = picture;
  return mediaUrl(mediaBase, server.id, { file: picture.output.file, promptId, at: output.at }, 'thumbnail');
}

/** Interrupts the running prompt. As long as it is here, the prompt still runs. */
function MiniInterrupt({ serverId, promptId, title }: MiniInterruptProps) {
  const { phase, send } = useCommand({ do: 'interrupt', serverId, promptId });
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={t(words[phase].whole, { title })}
      title={t(words[phase].short)}
      aria-disabled={phase === 'sent' || undefined}
      onClick={() => phase !== 'sent' && send()}
    >
      <Icon name={phase === 'late' ? 'alert' : 'stop'} />
    </button>
  );
}
