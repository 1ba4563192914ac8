import { createContext, useContext, useSyncExternalStore } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TimeRange } from './plot-points.ts';

/** What pointer and keys are about, in all curves of a panel at once; times in ms since the epoch. */
interface Pointed {
  /** The moment whose values are told; null for the newest. */
  at: number | null;
  /** The stretch that is being dragged over. */
  dragged: TimeRange | null;
}

/** The one crosshair of a panel's curves. */
export interface Crosshair extends Pick<StoreApi<Pointed>, 'getState' | 'setState' | 'subscribe'> {
  /** Shows this stretch in all of them. */
  zoom(range: TimeRange): void;
  /** Shows again what is shown without zoom. */
  reset(): void;
}

/** Creates one that points at nothing. */
export function createCrosshair(actions: Pick<Crosshair, 'zoom' | 'reset'>): Crosshair {
  const { getState, setState, subscribe } = createStore<Pointed>(() => ({ at: null, dragged: null }));
  return { getState, setState, subscribe, ...actions };
}

/** The crosshair of the curves below; null where they have none, and are only looked at. */
export const CrosshairContext = createContext<Crosshair | null>(null);

const nothing = (): null => null;
const never = () => () => {};

/** The moment that is pointed at, ms since the epoch, and null where none is. */
export function usePointedMoment(): number | null {
  const crosshair = useContext(CrosshairContext);
  return useSyncExternalStore(
    crosshair?.subscribe ?? never,
    crosshair ? () => crosshair.getState().at : nothing,
  );
}

/** The stretch that is dragged over. */
export function useDraggedRange(): TimeRange | null {
  const crosshair = useContext(CrosshairContext);
  return useSyncExternalStore(
    crosshair?.subscribe ?? never,
    crosshair ? () => crosshair.getState().dragged : nothing,
  );
}
