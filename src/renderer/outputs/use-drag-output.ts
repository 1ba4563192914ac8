import { type DragEvent, useCallback } from 'react';
import { mediaUrl } from '../../contract/media-url.ts';
import type { ExecutedOutput } from '../../domain/outputs/executed-output.ts';
import { usePage } from '../session/session-context.tsx';
import { useHost } from '../session/use-host.ts';
import { useSay } from '../ui/overlays/messages.tsx';

/** Gives the function that makes a drag of a thumbnail a drag of its file, to be dropped on other programs. */
export function useDragOutput(
  serverId: string,
): (promptId: string, output: ExecutedOutput, event: DragEvent) => void {
  const { ask } = useHost();
  const host = usePage((page) => page.host);
  const say = useSay();
  return useCallback(
    (promptId, { file, at }, event) => {
      if (!file || !host) {
        event.preventDefault();
        return;
      }
      if (host.desktop) {
        // The host goes on with a drag of its own.
        event.preventDefault();
        void ask('dragOutput', { serverId, promptId, file }).then((reply) => {
          if (reply.ok && reply.value.message !== null) say(reply.value.message);
        });
        return;
      }
      const address = new URL(mediaUrl(host.mediaBase, serverId, { file, promptId, at }), document.baseURI)
        .href;
      const name = file.filename.replace(/[\\/:]/g, '_');
      // Chromium's way to drop an address as a file.
      event.dataTransfer.setData('DownloadURL', `application/octet-stream:${name}:${address}`);
      event.dataTransfer.setData('text/uri-list', address);
      event.dataTransfer.effectAllowed = 'copy';
    },
    [ask, host, say, serverId],
  );
}
