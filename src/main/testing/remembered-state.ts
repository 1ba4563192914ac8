import type { WindowState, WindowStateFile } from '../windows/window-state.ts';

/** For tests: what is remembered of windows, without a file. */
export function rememberedState(first: Partial<WindowState> = {}): WindowStateFile {
  let current: WindowState = {
    bounds: null,
    maximized: false,
    zoomLevel: 0,
    mini: null,
    told: [],
    ...first,
  };
  return {
    get current() {
      return current;
    },
    remember(change) {
      current = { ...current, ...change };
    },
    flush() {},
  };
}
