import { type ReactNode, useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import './explained.css';

interface ExplainedProps {
  /** What it is about, which is also the name of the control. */
  children: ReactNode;
  /** What there is to know of it; asked for only while it is shown. */
  explain: () => ReactNode;
}

/** So long a pointer rests on something that it wants to know more of, ms. */
const restFor = 250;
/** So long it may take from there to the explanation, ms. */
const wayFor = 200;
/** From the edges of the window, and from what is explained, px. */
const margin = 8;

/** Only one explanation is open at a time. */
let closeOther = (): void => {};

/**
 * Words that say more of themselves: when a pointer rests on them, when they get the focus by the keyboard, and when
 * they are pressed. Escape and a press elsewhere close it, and scrolling unless it has the focus.
 */
export function Explained({ children, explain }: ExplainedProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isPressed = useRef(false);
  const close = useCallback(() => {
    clearTimeout(timer.current);
    setOpen(false);
  }, []);
  const show = () => {
    clearTimeout(timer.current);
    if (closeOther !== close) closeOther();
    closeOther = close;
    setOpen(true);
  };
  const soon = (act: () => void, delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(act, delay);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  // While it has the focus, the pointer may go where it likes.
  const leave = () => {
    if (document.activeElement !== trigger.current) soon(close, wayFor);
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        className="explained"
        aria-describedby={open ? id : undefined}
        onPointerEnter={(event) => event.pointerType !== 'touch' && soon(show, restFor)}
        onPointerLeave={(event) => event.pointerType !== 'touch' && (open ? leave() : soon(close, 0))}
        onPointerDown={() => {
          isPressed.current = true;
        }}
        onFocus={() => {
          if (!isPressed.current) show();
        }}
        onBlur={() => {
          isPressed.current = false;
          close();
        }}
        onClick={(event) => {
          isPressed.current = false;
          event.currentTarget.focus();
          // A pointer that rests on it has opened it already: pressing keeps it.
          if (open && event.detail === 0) close();
          else show();
        }}
      >
        {children}
      </button>
      {open && (
        <Explanation
          id={id}
          trigger={trigger}
          onClose={close}
          onReach={() => clearTimeout(timer.current)}
          onLeave={leave}
        >
          {explain()}
        </Explanation>
      )}
    </>
  );
}

interface ExplanationProps {
  id: string;
  trigger: React.RefObject<HTMLButtonElement | null>;
  onClose: () => void;
  /** The pointer came to it, so that it can be read with a magnifier. */
  onReach: () => void;
  onLeave: () => void;
  children: ReactNode;
}

function Explanation({ id, trigger, onClose, onReach, onLeave, children }: ExplanationProps) {
  const tip = useRef<HTMLDivElement>(null);

  const place = useCallback(() => {
    const element = tip.current;
    const around = trigger.current?.getBoundingClientRect();
    if (!element || !around) return;
    const left = Math.min(around.left, window.innerWidth - element.offsetWidth - margin);
    const below = around.bottom + 4;
    const above = around.top - element.offsetHeight - 4;
    const lowest = window.innerHeight - element.offsetHeight - margin;
    const top = below <= lowest || above < margin ? Math.min(below, lowest) : above;
    element.style.setProperty('left', `${Math.max(margin, left)}px`);
    element.style.setProperty('top', `${Math.max(margin, top)}px`);
  }, [trigger]);
  // After every render: what it says changes, and so does its size.
  useLayoutEffect(place);

  useEffect(() => {
    const isInside = ({ target }: Event) =>
      target instanceof Node && (tip.current?.contains(target) || trigger.current?.contains(target));
    const closeOutside = (event: Event) => {
      if (!isInside(event)) onClose();
    };
    const followScroll = (event: Event) => {
      // The keyboard brings what it comes to into view.
      if (document.activeElement === trigger.current) place();
      else closeOutside(event);
    };
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // It closes this and nothing behind it.
      event.stopPropagation();
      onClose();
    };
    document.addEventListener('pointerdown', closeOutside, true);
    document.addEventListener('scroll', followScroll, true);
    document.addEventListener('keydown', closeByKey, true);
    window.addEventListener('resize', onClose);
    return () => {
      document.removeEventListener('pointerdown', closeOutside, true);
      document.removeEventListener('scroll', followScroll, true);
      document.removeEventListener('keydown', closeByKey, true);
      window.removeEventListener('resize', onClose);
    };
  }, [onClose, place, trigger]);

  return createPortal(
    <div
      ref={tip}
      id={id}
      role="tooltip"
      className="explanation"
      onPointerEnter={onReach}
      onPointerLeave={onLeave}
    >
      {children}
    </div>,
    document.body,
  );
}
