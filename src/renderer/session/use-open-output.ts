import { useCallback } from 'react';
import { mediaUrl } from '../../contract/media-url.ts';
import type { OpenResult } from '../../contract/output-details.ts';
import { type ExecutedOutput, shownName } from '../../domain/outputs/executed-output.ts';
import { failureText } from '../ui/call-failure.ts';
import { useSay } from '../ui/messages.tsx';
import { usePage, useSession } from './session-context.tsx';

type Show = (promptId: string, output: ExecutedOutput) => void;

/** Gives the function that opens an executed file: in the system's viewer where the host can, else in a tab. */
export function useOpenOutput(serverId: string): Show {
  const { bridge } = useSession();
  const host = usePage((page) => page.host);
  const say = useSay();
  return useCallback(
    (promptId, { file, at }) => {
      if (!file || !host) return;
      if (!host.capabilities.openInViewer) {
        window.open(mediaUrl(host.mediaBase, serverId, { file, promptId, at }), '_blank', 'noopener');
        return;
      }
      report(bridge.call('openOutput', { serverId, promptId, file }), shownName(file), say);
    },
    [bridge, host, say, serverId],
  );
}

/** Gives the function that shows an executed file in its folder; null where the host has none to show. */
export function useRevealOutput(serverId: string): Show | null {
  const { bridge } = useSession();
  const canReveal = usePage((page) => page.host?.capabilities.openInViewer ?? false);
  const say = useSay();
  const reveal = useCallback<Show>(
    (promptId, { file }) => {
      if (file) report(bridge.call('revealOutput', { serverId, promptId, file }), shownName(file), say);
    },
    [bridge, say, serverId],
  );
  return canReveal ? reveal : null;
}

/** Says why a file was not shown. */
function report(asked: Promise<OpenResult>, filename: string, say: (text: string) => void): void {
  asked.then(
    (result) => {
      if (!result.opened) say(result.message ?? `${filename} could not be opened.`);
    },
    (cause: unknown) => say(failureText(cause)),
  );
}
