import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { OutputArrangement } from './use-output-rows.ts';

/** How long (ms) jobs take to their new place. */
const slideTime = 320;

interface Place {
  left: number;
  top: number;
}

/**
 * Lets the jobs of a gallery slide to their new places when others came in, so that the eye can follow them. In
 * another width they are put anew, and whoever wants no motion has none.
 */
export function useSlidingRows(
  container: RefObject<HTMLElement | null>,
  { rows, measures }: Pick<OutputArrangement, 'rows' | 'measures'>,
): void {
  const stood = useRef({ places: new Map<Element, Place>(), measures });
  // biome-ignore lint/correctness/useExhaustiveDependencies: places change when rows do.
  useLayoutEffect(() => {
    const element = container.current;
    if (!element) return;
    const groups = [...element.querySelectorAll<HTMLElement>(':scope > .output-group')];
    // Where they are laid out, whatever slides at the moment.
    const places = new Map<Element, Place>(
      groups.map((group) => [group, { left: group.offsetLeft, top: group.offsetTop }]),
    );
    const before = stood.current;
    stood.current = { places, measures };
    if (before.measures !== measures || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const move of movesInSight(groups, before.places, places))
      move.group.animate([{ translate: `${move.x}px ${move.y}px` }, { translate: '0 0' }], {
        duration: slideTime,
        easing: 'ease-out',
      });
  }, [container, rows, measures]);
}

interface Move {
  group: HTMLElement;
  /** From where it is to where it was, CSS px. */
  x: number;
  y: number;
}

function movesInSight(
  groups: readonly HTMLElement[],
  from: ReadonlyMap<Element, Place>,
  to: ReadonlyMap<Element, Place>,
): Move[] {
  const moves = groups.flatMap((group) => {
    const was = from.get(group);
    const is = to.get(group);
    if (!was || !is || (was.left === is.left && was.top === is.top)) return [];
    return [{ group, x: was.left - is.left, y: was.top - is.top }];
  });
  // What is out of sight before and after does not need to move.
  return moves.filter(({ group, y }) => {
    const { top, bottom } = group.getBoundingClientRect();
    return Math.min(top, top + y) < window.innerHeight && Math.max(bottom, bottom + y) > 0;
  });
}
