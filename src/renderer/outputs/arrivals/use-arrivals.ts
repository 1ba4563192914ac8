import { useCallback, useEffect, useMemo, useState } from 'react';
import type { OutputGroup, Selection } from '../output-groups.ts';
import { heldGroups, waitingOutputs } from './held-groups.ts';

/** How long (ms) a gallery rests after something came in: a fast server would keep it moving. */
export const restTime = 5_000;

/** How long (ms) something is held after it was let go: the keyboard comes back from a menu a moment later. */
export const letGoTime = 400;

export interface Arrivals {
  /** What is to be shown. */
  groups: OutputGroup[];
  /** What waits for the hand to leave, newest first; what comes by itself in a moment is not among it. */
  waiting: readonly Selection[];
  bringIn: () => void;
}

interface Shown {
  of: unknown;
  groups: OutputGroup[];
  /** How often something came in. */
  arrivals: number;
}

/**
 * Lets new outputs come in at once, but no more often than the eye can follow, and not at all while something is at
 * hand: then they wait. Another gallery (`of`) begins anew.
 */
export function useArrivals(now: OutputGroup[], isAtHand: boolean, of: unknown): Arrivals {
  const isHeld = useLasting(isAtHand, letGoTime);
  const [shown, setShown] = useState<Shown>({ of, groups: now, arrivals: 0 });
  const [rested, setRested] = useState(0);
  const isNew = shown.of !== of || shown.groups.length === 0;
  const isStill = !isNew && (isHeld || rested !== shown.arrivals);
  const groups = isStill ? heldGroups(shown.groups, now) : now;
  if (groups !== shown.groups || shown.of !== of) {
    const moves = !isStill && !isNew && waitingOutputs(shown.groups, now).length > 0;
    setShown({ of, groups, arrivals: shown.arrivals + (moves ? 1 : 0) });
  }

  useEffect(() => {
    const timer = setTimeout(() => setRested(shown.arrivals), restTime);
    return () => clearTimeout(timer);
  }, [shown.arrivals]);

  const waiting = useMemo(
    () => (isHeld && isStill ? waitingOutputs(groups, now) : nothing),
    [isHeld, isStill, groups, now],
  );
  const bringIn = useCallback(() => {
    setShown((before) => ({ ...before, groups: now, arrivals: before.arrivals + 1 }));
  }, [now]);
  return { groups, waiting, bringIn };
}

const nothing: readonly Selection[] = [];

/** True while something is, and for some time (ms) after it was. */
function useLasting(isSo: boolean, time: number): boolean {
  const [wasSo, setWasSo] = useState(isSo);
  if (isSo && !wasSo) setWasSo(true);
  useEffect(() => {
    if (isSo) return;
    const timer = setTimeout(() => setWasSo(false), time);
    return () => clearTimeout(timer);
  }, [isSo, time]);
  return isSo || wasSo;
}
