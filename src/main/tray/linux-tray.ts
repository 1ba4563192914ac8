import { causeMessage } from '../../domain/text/cause-text.ts';
import { createElectronTray } from './electron-tray.ts';
import type { NameState, SessionBus } from './session-bus/bus.ts';
import { type BusTray, createBusTray, watcherName } from './session-bus/bus-tray.ts';
import type { TrayModel } from './tray-model.ts';
import type { TrayHands, TrayView } from './tray-view.ts';

/** A panel that starts with the session, or again after a crash, has so long before there seems to be none, ms. */
const patience = 3_000;

/** Panels do not tell where they draw an icon. */
const nowhere = { x: 0, y: 0, width: 0, height: 0 };

/**
 * The tray on Linux: our own item on the session bus wherever a panel takes such, and Electron's tray where
 * none does, for panels of the older kind (XEmbed). Never both, but for the moment in which one takes the other's place.
 */
export function createLinuxTray(options: {
  bus: SessionBus;
  first: TrayModel;
  id: string;
  title: string;
  hands: TrayHands;
  log: (line: string) => void;
}): TrayView {
  const { bus, hands, log } = options;
  let shown = options.first;
  let destroyed = false;
  let fallback: TrayView | null = null;
  let waiting: NodeJS.Timeout | undefined;
  /** Of the last try to have our item drawn: what became of an earlier one is no news. */
  let attempt = 0;
  const own: BusTray = createBusTray({ bus, id: options.id, title: options.title, hands });
  showOurs();

  function showOurs(): void {
    own.setIcon(shown.icon);
    own.setWords(shown);
    own.setMenu(shown.menu);
  }

  function watcherIs(state: NameState): void {
    if (destroyed) return;
    attempt += 1;
    clearTimeout(waiting);
    if (state === 'owned') void register(attempt);
    else waiting = setTimeout(fallBack, patience).unref();
  }

  async function register(mine: number): Promise<void> {
    showOurs();
    try {
      await own.register();
      // There may be no watcher any more to draw it.
      if (destroyed || attempt !== mine) return;
      // Only now: while the panel makes up its mind, and where it refuses ours, there is this one.
      fallback?.destroy();
      fallback = null;
      showOurs();
    } catch (cause) {
      if (destroyed || attempt !== mine) return;
      log(`the panel did not take the tray icon: ${causeMessage(cause)}`);
      fallBack();
    }
  }

  function fallBack(): void {
    if (fallback) return;
    log('no panel takes tray icons over the session bus; Electron looks for another way');
    fallback = createElectronTray(shown, hands);
  }

  waiting = setTimeout(fallBack, patience).unref();
  bus.watchName(watcherName, watcherIs);

  return {
    setIcon(icon) {
      shown = { ...shown, icon };
      (fallback ?? own).setIcon(icon);
    },
    setWords({ tooltip, title }) {
      shown = { ...shown, tooltip, title };
      (fallback ?? own).setWords({ tooltip, title });
    },
    setMenu(menu) {
      shown = { ...shown, menu: [...menu] };
      (fallback ?? own).setMenu(menu);
    },
    isMenuOpen: () => (fallback ?? own).isMenuOpen(),
    bounds: () => fallback?.bounds() ?? nowhere,
    destroy() {
      destroyed = true;
      clearTimeout(waiting);
      fallback?.destroy();
      own.destroy();
    },
  };
}
