import { createContext, useCallback, useContext, useMemo } from 'react';
import type { ActionPlace, ActionRequest } from '../../contract/actions/action.ts';
import { runAction } from '../../contract/actions/actions.ts';
import { mediaUrl } from '../../contract/media-url.ts';
import { shownName } from '../../domain/outputs/executed-output.ts';
import { browserAddress } from '../../domain/server-address.ts';
import { t } from '../../language/t.ts';
import { useSay } from '../ui/overlays/messages.tsx';
import { usePage, useSession } from './session-context.tsx';
import { type Host, type Reply, useHost } from './use-host.ts';

/** What actions need of the window around them. */
export type ActionWindow = Pick<ActionPlace, 'open' | 'miniMode' | 'wallMode' | 'showServer' | 'confirm'>;

/**
 * Around what has nothing but what it shows: the small window, and dialogs that lie above the page, which stays as it is
 * behind them. What has to be asked is not done there.
 */
const bareWindow: ActionWindow = {
  open: () => {},
  miniMode: () => {},
  wallMode: () => {},
  showServer: () => {},
  confirm: async () => false,
};

export const ActionWindowContext = createContext<ActionWindow>(bareWindow);

/** Runs an action, if it can be done and the user agrees; rejects with `BridgeError` if the host refuses. */
type Perform = (request: ActionRequest, by?: 'key' | 'pointer' | 'answer') => Promise<void>;

/** Gives the function that runs actions, for those who say by themselves that one failed. */
export function usePerform(): Perform {
  const { monitor, page, bridge } = useSession();
  const host = usePage((state) => state.host);
  const around = useContext(ActionWindowContext);
  const say = useSay();
  const place = useMemo<ActionPlace>(
    () => ({
      ...around,
      state: monitor.getState,
      call: bridge.call,
      wallNow: Date.now,
      say,
      showJob: (serverId, promptId) => page.setState({ wantedJob: { serverId, promptId } }),
      openOutputHere:
        host && !host.desktop
          ? ({ serverId, promptId, file, at }) =>
              window.open(
                mediaUrl(host.mediaBase, serverId, { file, promptId, at: at ?? 0 }),
                '_blank',
                'noopener',
              )
          : null,
      openPageHere: host && !host.desktop ? (address) => openPage(address, say) : null,
      opened({ file }, { opened, message }) {
        if (!opened) say(message ?? t('actions.open_output.failed', { filename: shownName(file) }));
      },
      quit: () => {},
    }),
    [around, monitor, page, bridge, host, say],
  );
  return useCallback((request, by) => runAction(request, place, by), [place]);
}

/** Opens a server's own page in a new tab, which learns nothing of this one. */
function openPage(address: string, say: (sentence: string) => void): void {
  const page = browserAddress(address, (text) => URL.parse(text));
  if (page === null) say(t('actions.open_server.obstacle'));
  else window.open(page, '_blank', 'noopener,noreferrer');
}

/** Runs actions on the page. */
export interface PageActions extends Pick<Host, 'busy'> {
  /** Never rejects: where it is said that an action failed, `failures` says; see `useHost`. */
  run(...action: Parameters<Perform>): Promise<Reply<void>>;
}

export function useActions(failures?: Parameters<typeof useHost>[0]): PageActions {
  const perform = usePerform();
  const { attempt, busy } = useHost(failures);
  const run = useCallback<PageActions['run']>(
    (request, by) => attempt(perform(request, by)),
    [attempt, perform],
  );
  return { run, busy };
}
