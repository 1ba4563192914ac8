import { type PointerEvent, useContext, useRef } from 'react';
import { CrosshairContext } from './crosshair.ts';
import type { TimeRange } from './plot-points.ts';

/** A hand shakes; from this far on it means to drag, px. */
const dragFrom = 6;

/**
 * What a pointer does on a curve: it moves the crosshair, drags to zoom, and takes the zoom back by a double click. A
 * finger scrolls the page up and down, and moves the crosshair to the sides.
 */
export function useCurvePointer(range: TimeRange) {
  const crosshair = useContext(CrosshairContext);
  const start = useRef<{ x: number; at: number } | null>(null);
  if (!crosshair) return {};
  const timeAt = ({ currentTarget, clientX }: PointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const fraction = width > 0 ? Math.min(1, Math.max(0, (clientX - left) / width)) : 0;
    return range.since + fraction * (range.until - range.since);
  };
  const draggedTo = (event: PointerEvent): TimeRange | null => {
    if (!start.current || Math.abs(event.clientX - start.current.x) < dragFrom) return null;
    const at = timeAt(event);
    return { since: Math.min(start.current.at, at), until: Math.max(start.current.at, at) };
  };
  const end = () => {
    start.current = null;
    crosshair.setState({ dragged: null });
  };
  return {
    onPointerDown(event: PointerEvent) {
      crosshair.setState({ at: timeAt(event) });
      if (event.button !== 0 || event.pointerType === 'touch') return;
      start.current = { x: event.clientX, at: timeAt(event) };
      event.currentTarget.setPointerCapture?.(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      crosshair.setState({ at: timeAt(event), dragged: draggedTo(event) });
    },
    onPointerUp(event: PointerEvent) {
      const dragged = draggedTo(event);
      end();
      if (dragged) crosshair.zoom(dragged);
    },
    onPointerCancel() {
      end();
      crosshair.setState({ at: null });
    },
    onPointerLeave() {
      if (!start.current) crosshair.setState({ at: null });
    },
    onDoubleClick: crosshair.reset,
  };
}
