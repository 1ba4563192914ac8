import { type ReactNode, useMemo, useState } from 'react';
import type { Question } from '../../contract/actions/action.ts';
import { serverStateOf } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';
import { t } from '../../language/t.ts';
import { useMiniMode } from '../mini/mini-mode.tsx';
import { useDialogs } from '../session/dialogs-context.ts';
import { useSession } from '../session/session-context.tsx';
import { type ActionWindow, ActionWindowContext, useActions } from '../session/use-actions.ts';
import { ConfirmDialog } from '../ui/overlays/confirm-dialog.tsx';
import { useSay } from '../ui/overlays/messages.tsx';
import { useWallMode } from '../wall/wall-mode.tsx';
import { ShortcutHelp } from './keys/shortcut-help.tsx';
import { useShortcuts } from './keys/shortcuts.ts';

interface PageActionsProps {
  serverIds: readonly string[];
  /** The server that is shown. */
  serverId: string | null;
  /** Null shows all. */
  onSelect: (serverId: string | null) => void;
  children: ReactNode;
}

/** Lets actions be run on the full page, by buttons and keys, with the dialogs that they open. */
export function PageActions({ serverIds, serverId, onSelect, children }: PageActionsProps) {
  const { openServers, openSettings, addServer } = useDialogs();
  const mini = useMiniMode();
  const wall = useWallMode();
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
      wallMode: wall.toggle,
      showServer(which) {
        const chosen = 'serverId' in which ? which.serverId : serverAt(which, { serverIds, serverId });
        if (chosen !== undefined) onSelect(chosen);
      },
      confirm: (question) => new Promise((answer) => setAsked({ question, answer })),
    };
  }, [openServers, openSettings, addServer, mini, wall, onSelect, serverIds, serverId]);
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

/** What is at a place of the list, or so far from what is shown, around its ends; null for all servers. */
function serverAt(
  which: { all: true } | { index: number } | { by: 1 | -1 },
  { serverIds, serverId }: Pick<PageActionsProps, 'serverIds' | 'serverId'>,
): string | null | undefined {
  if ('all' in which) return serverIds.length > 1 ? null : undefined;
  if ('index' in which) return serverIds[which.index];
  // All of them have their place before the first one, as in the list.
  const places: (string | null)[] = serverIds.length > 1 ? [null, ...serverIds] : [...serverIds];
  return places[(places.indexOf(serverId) + which.by + places.length) % Math.max(1, places.length)];
}

/** Runs what keys stand for. */
function PressedKeys({ serverId }: Pick<PageActionsProps, 'serverId'>) {
  const { monitor } = useSession();
  const { run } = useActions();
  const say = useSay();
  useShortcuts((pressed) => {
    if (pressed.do === 'open_server') {
      if (serverId === null) say(t('servers.none'));
      else void run({ do: 'open_server', serverId }, 'key');
      return;
    }
    if (pressed.do !== 'interrupt') {
      void run(pressed, 'key');
      return;
    }
    const server = serverId === null ? undefined : serverStateOf(monitor.getState(), serverId);
    const job = server && isReached(server.connection.phase) ? server.running[0] : undefined;
    if (job) void run({ do: 'interrupt', serverId: job.serverId, promptId: job.promptId }, 'key');
    else say(t('frame.nothing_runs'));
  });
  return null;
}
