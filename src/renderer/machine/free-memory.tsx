import { useState } from 'react';
import { useJobCalls } from '../session/use-job-calls.ts';
import { Icon } from '../ui/icon.tsx';
import { useSay } from '../ui/messages.tsx';
import './free-memory.css';

interface FreeMemoryProps {
  serverId: string;
  connected: boolean;
  /** Models are then kept in RAM alone. */
  cpuOnly?: boolean;
}

/** Asks a server to unload its models. */
export function FreeMemory({ serverId, connected, cpuOnly = false }: FreeMemoryProps) {
  const { freeMemory } = useJobCalls(serverId);
  const say = useSay();
  const free = async () => {
    const taken = await freeMemory();
    // What became of it shows in the chart: ComfyUI itself does not tell.
    if (taken) say('ComfyUI was asked to free its memory. It does so when it is next idle.');
    return taken;
  };
  return <FreeMemoryButton connected={connected} cpuOnly={cpuOnly} onFree={free} />;
}

interface FreeMemoryButtonProps {
  connected: boolean;
  cpuOnly: boolean;
  /** Resolves when the server has answered. */
  onFree: () => Promise<unknown>;
}

export function FreeMemoryButton({ connected, cpuOnly, onFree }: FreeMemoryButtonProps) {
  const [asking, setAsking] = useState(false);
  const free = () => {
    setAsking(true);
    void onFree().finally(() => setAsking(false));
  };
  return (
    <div className="free-memory">
      <button
        type="button"
        className="button small"
        disabled={!connected}
        aria-disabled={asking || undefined}
        onClick={() => !asking && free()}
      >
        <Icon name="chip" />
        {cpuOnly ? 'Free memory' : 'Free VRAM'}
      </button>
      <p>
        {cpuOnly ? 'Unloads the models from RAM' : 'Unloads the models'}; takes effect when the server is next
        idle.
      </p>
    </div>
  );
}
