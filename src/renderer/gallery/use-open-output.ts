import { useCallback } from 'react';
import type { ExecutedOutput } from '../../shared/executed-output.ts';
import { mediaUrl } from '../../shared/media-url.ts';
import { usePage, useSession } from '../bridge/session-context.tsx';
import { failureText } from '../ui/call-failure.ts';
import { useSay } from '../ui/messages.tsx';

/** Gives the function that opens an executed file: in the system's viewer where the host can, else in a tab. */
export function useOpenOutput(serverId: string): (promptId: string, output: ExecutedOutput) => void {
  const { bridge } = useSession();
  const host = usePage((page) => page.host);
  const say = useSay();
  return useCallback(
    (promptId, { file }) => {
      if (!file || !host) return;
      if (!host.capabilities.openInViewer) {
        window.open(mediaUrl(host.mediaBase, serverId, file), '_blank', 'noopener');
        return;
      }
      bridge.call('openOutput', { serverId, promptId, file }).then(
        (result) => {
          if (!result.opened) say(result.message ?? `${file.filename} could not be opened.`);
        },
        (cause: unknown) => say(failureText(cause)),
      );
    },
    [bridge, host, say, serverId],
  );
}
