import { type DragEvent, useCallback } from 'react';
import { mediaUrl } from '../../contract/media-url.ts';
import type { ExecutedOutput } from '../../domain/outputs/executed-output.ts';
import { usePage, useSession } from '../session/session-context.tsx';
import { failureText } from '../ui/call-failure.ts';
import { useSay } from '../ui/messages.tsx';

/** Gives the function that makes a drag of a thumbnail a drag of its file, to be dropped on other programs. */
export function useDragOutput(
  serverId: string,
): (promptId: string, output: ExecutedOutput, event: DragEvent) => void {
  const { bridge } = useSession();
  const host = usePage((page) => page.host);
  const say = useSay();
  return useCallback(
    (promptId, { file, at }, event) => {
      if (!file || !host) {
        event.preventDefault();
        return;
      }
      if (host.capabilities.openInViewer) {
        // The host goes on with a drag of its own.
        event.preventDefault();
        bridge.call('dragOutput', { serverId, promptId, file }).then(
          ({ message }) => {
            if (message !== null) say(message);
          },
          (cause: unknown) => say(failureText(cause)),
        );
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
    [bridge, host, say, serverId],
  );
}
