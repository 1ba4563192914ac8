import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MonitorEvent } from './monitor-event.ts';
import { emptyState, type MonitorState } from './monitor-state.ts';
import { reduce } from './reduce.ts';

/** The state of everything we watch, as host and page both hold it. Read and subscribe; change by events. */
export interface MonitorStore
  extends Pick<StoreApi<MonitorState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Applies events in order and notifies subscribers once. */
  apply(events: readonly MonitorEvent[]): void;
  /** Starts over from a snapshot. */
  replace(state: MonitorState): void;
}

/** Creates a store around `reduce`; the same in the host, the page and the tests. */
export function createMonitorStore(initial: MonitorState = emptyState): MonitorStore {
  const store = createStore<MonitorState>(() => initial);
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    apply: (events) => store.setState((state) => events.reduce(reduce, state), true),
    replace: (state) => store.setState(state, true),
  };
}
