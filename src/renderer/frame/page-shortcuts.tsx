import { useState } from 'react';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { serverStateOf } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';
import { useMiniMode } from '../mini/mini-mode.tsx';
import { useDialogs } from '../session/dialogs-context.ts';
import { useSession } from '../session/session-context.tsx';
import { useHost } from '../session/use-host.ts';
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx';
import { useSay } from '../ui/overlays/messages.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcuts } from './shortcuts.ts';

interface PageShortcutsProps {
  serverIds: readonly string[];
  /** The server that is shown. */
  serverId: string | null;
  onSelect: (serverId: string) => void;
  help: boolean;
  onHelp: (open: boolean) => void;
}

/** What keys do on the full page, and the dialogs that they open. */
export function PageShortcuts({ serverIds, serverId, onSelect, help, onHelp }: PageShortcutsProps) {
  const { monitor } = useSession();
  const { openServers, openSettings } = useDialogs();
  const mini = useMiniMode();
  const say = useSay();
  const [interrupting, setInterrupting] = useState<Interrupting | null>(null);

  const select = (index: number): void => {
    const chosen = serverIds[index];
    if (chosen !== undefined) onSelect(chosen);
  };
  const askToInterrupt = (): void => {
    const server = serverId === null ? undefined : serverStateOf(monitor.getState(), serverId);
    const job = server && isReached(server.connection.phase) ? server.running[0] : undefined;
    if (job) setInterrupting({ serverId: job.serverId, promptId: job.promptId, title: jobTitle(job) });
    else say('Nothing is running.');
  };

  useShortcuts((shortcut) => {
    switch (shortcut.do) {
      case 'help':
        onHelp(true);
        break;
      case 'mini':
        if (mini.available) mini.toggle();
        break;
      case 'settings':
        openSettings();
        break;
      case 'servers':
        openServers();
        break;
      case 'interrupt':
        askToInterrupt();
        break;
      case 'select_server':
        select(shortcut.index);
        break;
      case 'step_server': {
        const at = serverId === null ? -1 : serverIds.indexOf(serverId);
        select((at + shortcut.by + serverIds.length) % Math.max(1, serverIds.length));
      }
    }
  });

  return (
    <>
      {help && <ShortcutHelp onClose={() => onHelp(false)} />}
      {interrupting && <InterruptQuestion {...interrupting} onClose={() => setInterrupting(null)} />}
    </>
  );
}

interface Interrupting {
  serverId: string;
  promptId: string;
  title: string;
}

/** A key is pressed by accident more easily than a button. */
function InterruptQuestion({ serverId, promptId, title, onClose }: Interrupting & { onClose: () => void }) {
  const { ask } = useHost();
  return (
    <ConfirmDialog
      title={`Interrupt “${title}”?`}
      confirm="Interrupt"
      keep="Let it run"
      onConfirm={() => void ask('interruptJob', { serverId, promptId })}
      onClose={onClose}
    >
      <p>ComfyUI stops after the current step and goes on with the next prompt in the queue.</p>
    </ConfirmDialog>
  );
}
