import { type ReactNode, useMemo, useState } from 'react';
import type { Question } from '../../contract/actions/action.ts';
import { serverStateOf } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';
import { useMiniMode } from '../mini/mini-mode.tsx';
import { useDialogs } from '../session/dialogs-context.ts';
import { useSession } from '../session/session-context.tsx';
import { type ActionWindow, ActionWindowContext, useActions } from '../session/use-actions.ts';
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx';
import { useSay } from '../ui/overlays/messages.tsx';
import { ShortcutHelp } from './keys/shortcut-help.tsx';
import { useShortcuts } from './keys/shortcuts.ts';

interface PageActionsProps {
  serverIds: readonly string[];
  /** The server that is shown. */
  serverId: string | null;
  onSelect: (serverId: string) => void;
  children: ReactNode;
}

/** Lets actions be run on the full page, by buttons and keys, with the dialogs that they open. */
export function PageActions({ serverIds, serverId, onSelect, children }: PageActionsProps) {
  const { openServers, openSettings, addServer } = useDialogs();
  const mini = useMiniMode();
  const [help, setHelp] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const page = useMemo<ActionWindow>(() => {
    const dialogs: Record<Parameters<ActionWindow['open']>[0], () => void> = {
      window: () => {},
      settings: openSettings,
      servers: openServers,
      'new server': addServer,
      help: () => setHelp(true),
    };
    return {
      open: (what) => dialogs[what](),
      miniMode() {
        if (mini.available) mini.toggle();
      },
      showServer(which) {
        const chosen = 'serverId' in which ? which.serverId : serverAt(which, { serverIds, serverId });
        if (chosen !== undefined) onSelect(chosen);
      },
      confirm: (question) => new Promise((answer) => setAsked({ question, answer })),
    };
  }, [openServers, openSettings, addServer, mini, onSelect, serverIds, serverId]);
  return (
    <ActionWindowContext value={page}>
      {children}
      <PressedKeys serverId={serverId} />
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
      {asked && (
        <ConfirmDialog
          title={asked.question.title}
          confirm={asked.question.confirm}
          keep={asked.question.keep}
          onConfirm={() => asked.answer(true)}
          onClose={() => {
            setAsked(null);
            // What was agreed to is answered by then.
            setTimeout(() => asked.answer(false));
          }}
        >
          <p>{asked.question.detail}</p>
        </ConfirmDialog>
      )}
    </ActionWindowContext>
  );
}

interface Asked {
  question: Question;
  answer: (agrees: boolean) => void;
}

/** The server at a place of the list, or so far from the shown one, around its ends. */
function serverAt(
  which: { index: number } | { by: 1 | -1 },
  { serverIds, serverId }: Pick<PageActionsProps, 'serverIds' | 'serverId'>,
): string | undefined {
  if ('index' in which) return serverIds[which.index];
  const at = serverId === null ? -1 : serverIds.indexOf(serverId);
  return serverIds[(at + which.by + serverIds.length) % Math.max(1, serverIds.length)];
}

/** Runs what keys stand for. */
function PressedKeys({ serverId }: Pick<PageActionsProps, 'serverId'>) {
  const { monitor } = useSession();
  const { run } = useActions();
  const say = useSay();
  useShortcuts((pressed) => {
    if (pressed.do !== 'interrupt') {
      void run(pressed, 'key');
      return;
    }
    const server = serverId === null ? undefined : serverStateOf(monitor.getState(), serverId);
    const job = server && isReached(server.connection.phase) ? server.running[0] : undefined;
    if (job) void run({ do: 'interrupt', serverId: job.serverId, promptId: job.promptId }, 'key');
    else say('Nothing is running.');
  });
  return null;
}
