import { useCallback } from 'react';
import { mediaUrl } from '../../contract/media-url.ts';
import { type ExecutedOutput, shownName } from '../../domain/outputs/executed-output.ts';
import { useSay } from '../ui/overlays/messages.tsx';
import { usePage } from './session-context.tsx';
import { useHost } from './use-host.ts';

type Show = (promptId: string, output: ExecutedOutput) => void;

/** Gives the function that opens an executed file: in the system's viewer where the host can, else in a tab. */
export function useOpenOutput(serverId: string): Show {
  const host = usePage((page) => page.host);
  const openInViewer = useAskToShow(serverId, 'openOutput');
  return useCallback(
    (promptId, output) => {
      const { file, at } = output;
      if (!file || !host) return;
      if (host.desktop) openInViewer(promptId, output);
      else window.open(mediaUrl(host.mediaBase, serverId, { file, promptId, at }), '_blank', 'noopener');
    },
    [host, openInViewer, serverId],
  );
}

/** Gives the function that shows an executed file in its folder; null where the host has none to show. */
export function useRevealOutput(serverId: string): Show | null {
  const canReveal = usePage((page) => page.host?.desktop != null);
  const reveal = useAskToShow(serverId, 'revealOutput');
  return canReveal ? reveal : null;
}

/** Asks the host to show a file, and says why it did not. */
function useAskToShow(serverId: string, name: 'openOutput' | 'revealOutput'): Show {
  const { ask } = useHost();
  const say = useSay();
  return useCallback(
    async (promptId, { file }) => {
      if (!file) return;
      const reply = await ask(name, { serverId, promptId, file });
      if (reply.ok && !reply.value.opened)
        say(reply.value.message ?? `${shownName(file)} could not be opened.`);
    },
    [ask, say, serverId, name],
  );
}
