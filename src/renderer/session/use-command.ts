import { useEffect, useRef, useState } from 'react';
import type { ActionRequest } from '../../contract/actions/action.ts';
import { useActions } from './use-actions.ts';

/**
 * Where a command stands: `sent` until events show that it was done, `late` when they do not for long.
 * That it was done is never said here: the sender sees it in the state.
 */
export type CommandPhase = 'idle' | 'sent' | 'late';

/** Commands that a server accepts and then carries out in its own time. */
type Command = 'interrupt' | 'cancel_job' | 'clear_queue';

/** How long events may take to confirm a command, ms. */
export const lateAfter = 10_000;

/**
 * Sends one command to a server, for which the user needs not be asked any more, and follows it. That the server did
 * not accept it is said in a message.
 */
export function useCommand(request: ActionRequest<Command>): { phase: CommandPhase; send: () => void } {
  const { run } = useActions();
  const [phase, setPhase] = useState<CommandPhase>('idle');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = async () => {
    setPhase('sent');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setPhase('late'), lateAfter);
    const reply = await run(request, 'answer');
    if (reply.ok) return;
    clearTimeout(timer.current);
    setPhase('idle');
  };
  return { phase, send: () => void send() };
}
