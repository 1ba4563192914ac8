import { useMemo } from 'react';
import type { ExecutedOutput } from '../../domain/outputs/executed-output.ts';
import { useSession } from '../session/session-context.tsx';

/** Brings something of a job into view, wherever on the page that is. */
export interface ShowJob {
  /** Unfolds and focuses the job among the finished ones. */
  job(promptId: string): void;
  /** Shows an output in full. */
  output(promptId: string, output: ExecutedOutput): void;
}

export function useShowJob(serverId: string): ShowJob {
  const { page } = useSession();
  return useMemo(
    () => ({
      job: (promptId) => page.setState({ wantedJob: { serverId, promptId } }),
      output: (promptId, output) => page.setState({ wantedOutput: { serverId, promptId, output } }),
    }),
    [page, serverId],
  );
}
