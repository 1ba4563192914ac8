import {
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { actualSize, type Frame, fitted, pan, scaleOf, type View, zoomAt } from './zoom.ts';

type Point = { x: number; y: number };

export interface Zoom {
  view: View;
  /** Against the picture's own size; null before that is known. */
  scale: number | null;
  zoomBy(factor: number): void;
  /** As it fits. */
  reset(): void;
  actual(): void;
  /** The picture was loaded, or replaced by one of another size. */
  measure(): void;
  readonly handlers: {
    onPointerDown(event: PointerEvent): void;
    onPointerMove(event: PointerEvent): void;
    onPointerUp(event: PointerEvent): void;
    onPointerCancel(event: PointerEvent): void;
    onDoubleClick(event: { clientX: number; clientY: number }): void;
  };
}

const middle: Point = { x: 0, y: 0 };

/** Zooms and moves a picture on a stage: by wheel, pinch, drag and double click. */
export function useZoom(
  stage: RefObject<HTMLElement | null>,
  picture: RefObject<HTMLImageElement | null>,
): Zoom {
  const [view, setView] = useState(fitted);
  const [frame, setFrame] = useState<Frame | null>(null);
  const pointers = useRef(new Map<number, Point>());

  const measure = useCallback(() => setFrame(frameOf(stage.current, picture.current)), [stage, picture]);
  const change = useCallback(
    (next: (view: View, frame: Frame) => View) => {
      const now = frameOf(stage.current, picture.current);
      if (!now) return;
      setFrame(now);
      setView((current) => next(current, now));
    },
    [stage, picture],
  );
  const fromMiddle = useCallback(
    ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
      const box = stage.current?.getBoundingClientRect();
      return box ? { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 } : middle;
    },
    [stage],
  );

  useLayoutEffect(() => {
    picture.current?.style.setProperty(
      'transform',
      view.zoom === 1 ? 'none' : `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`,
    );
  });

  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    // React listens passively, and the page must not scroll or zoom itself.
    const turn = (event: WheelEvent) => {
      // What is no picture is scrolled.
      if (!picture.current) return;
      event.preventDefault();
      // A pinch on a touchpad comes as a wheel with Ctrl, in small steps; lines are about 16 px.
      const distance = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
      const factor = Math.exp(-distance * (event.ctrlKey ? 0.01 : 0.002));
      const point = fromMiddle(event);
      change((current, now) => zoomAt(current, factor, point, now));
    };
    element.addEventListener('wheel', turn, { passive: false });
    const observer = new ResizeObserver(() => change((current, now) => pan(current, 0, 0, now)));
    observer.observe(element);
    return () => {
      element.removeEventListener('wheel', turn);
      observer.disconnect();
    };
  }, [stage, picture, change, fromMiddle]);

  const release = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
  };
  return {
    view,
    scale: scaleOf(view, frame),
    measure,
    zoomBy: (factor) => change((current, now) => zoomAt(current, factor, middle, now)),
    reset: () => setView(fitted),
    actual: () => change((current, now) => actualSize(current, middle, now)),
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pointers.current.set(event.pointerId, fromMiddle(event));
      },
      onPointerMove(event) {
        const before = pointers.current.get(event.pointerId);
        if (!before) return;
        const point = fromMiddle(event);
        const [other] = [...pointers.current].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
        pointers.current.set(event.pointerId, point);
        if (!other) {
          change((current, now) => pan(current, point.x - before.x, point.y - before.y, now));
          return;
        }
        const factor = distance(point, other) / Math.max(1, distance(before, other));
        const between = { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 };
        change((current, now) => zoomAt(current, factor, between, now));
      },
      onPointerUp: release,
      onPointerCancel: release,
      onDoubleClick(event) {
        const point = fromMiddle(event);
        change((current, now) => (current.zoom > 1 ? fitted : actualSize(current, point, now)));
      },
    },
  };
}

/** Sizes as they are laid out, untouched by zooming; null before the picture is there. */
function frameOf(stage: HTMLElement | null, picture: HTMLImageElement | null): Frame | null {
  if (!stage || !picture || picture.offsetWidth === 0) return null;
  return {
    stage: { width: stage.clientWidth, height: stage.clientHeight },
    picture: { width: picture.offsetWidth, height: picture.offsetHeight },
    natural: { width: picture.naturalWidth, height: picture.naturalHeight },
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
