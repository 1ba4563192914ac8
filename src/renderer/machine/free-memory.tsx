import { actions } from '../../contract/actions/actions.ts';
import { t } from '../../language/t.ts';
import { useActions } from '../session/use-actions.ts';
import { Icon } from '../ui/controls/icon.tsx';
import { useSay } from '../ui/overlays/messages.tsx';
import './free-memory.css';

interface FreeMemoryProps {
  serverId: string;
  connected: boolean;
  /** Models are then kept in RAM alone. */
  cpuOnly?: boolean;
}

/** Asks a server to unload its models. */
export function FreeMemory({ serverId, connected, cpuOnly = false }: FreeMemoryProps) {
  const { run, busy } = useActions();
  const say = useSay();
  const free = async () => {
    const { ok } = await run({ do: 'free_memory', serverId });
    // What became of it shows in the chart: ComfyUI itself does not report it.
    if (ok) say(t('machine.free.asked'));
  };
  return (
    <div className="free-memory">
      <button
        type="button"
        className="button small"
        disabled={!connected}
        aria-disabled={busy || undefined}
        onClick={() => !busy && void free()}
      >
        <Icon name="chip" />
        {cpuOnly ? t('machine.free.memory') : actions.free_memory.label}
      </button>
      <p>{t(cpuOnly ? 'machine.free.hint_ram' : 'machine.free.hint')}</p>
    </div>
  );
}
