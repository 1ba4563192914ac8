import { powerSaveBlocker } from 'electron';
import type { MonitorWindow } from './window.ts';

/** The full window as a wall shows it: on the whole screen, which stays on for as long as it is seen. */
export interface WallMode {
  /** The page shows its wall mode, or does so no more. */
  set(on: boolean): void;
}

export function createWallMode(window: MonitorWindow): WallMode {
  let isOn = false;
  let blocker: number | null = null;

  function keepScreenOn(on: boolean): void {
    if (on) blocker ??= powerSaveBlocker.start('prevent-display-sleep');
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  }
  // Nobody looks at a wall that is out of sight; a page that comes back asks anew.
  window.onVisibility((visible) => keepScreenOn(isOn && visible));

  return {
    set(on) {
      isOn = on;
      window.setFullScreen(on);
      keepScreenOn(on && window.isVisible());
    },
  };
}
