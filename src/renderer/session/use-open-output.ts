import { useCallback } from 'react';
import type { ExecutedOutput } from '../../domain/outputs/executed-output.ts';
import { usePage } from './session-context.tsx';
import { useActions } from './use-actions.ts';

type Show = (promptId: string, output: ExecutedOutput) => void;

/** Gives the function that opens an executed file: in the system's viewer where the host can, else in a tab. */
export function useOpenOutput(serverId: string): Show {
  return useOnFile(serverId, 'open_output');
}

/** Gives the function that shows an executed file in its folder; null where the host has none to show. */
export function useRevealOutput(serverId: string): Show | null {
  const canReveal = usePage((page) => page.host?.desktop != null);
  const reveal = useOnFile(serverId, 'reveal_output');
  return canReveal ? reveal : null;
}

function useOnFile(serverId: string, name: 'open_output' | 'reveal_output'): Show {
  const { run } = useActions();
  return useCallback(
    (promptId, { file, at }) => {
      if (file) void run({ do: name, serverId, promptId, file, at });
    },
    [run, serverId, name],
  );
}
