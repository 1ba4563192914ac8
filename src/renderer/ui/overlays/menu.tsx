import { Fragment, type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import './menu.css';
import { Icon, type IconName } from '../controls/icon.tsx';

export interface MenuItem {
  label: string;
  icon: IconName;
  /** A second line: what has to be known before it is chosen. */
  hint?: string;
  run: () => void;
}

interface MenuProps {
  label: string;
  /** Where it was asked for, px from the window's corner. */
  at: { x: number; y: number };
  /** Items in groups, which a line keeps apart; empty groups are left out. */
  groups: readonly (readonly MenuItem[])[];
  onClose: () => void;
  /** The dialog that it belongs to: everything outside of an open one is out of reach. */
  within?: Element | null;
}

/**
 * A context menu. The first item gets the focus; arrow keys, Home, End and first letters move it, Escape
 * and Tab close the menu and give the focus back to where it was.
 */
export function Menu({ label, at, groups, onClose, within }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  const shown = groups.filter((group) => group.length > 0);

  // After every render: it must stay within the window also when an item comes in.
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    const margin = 8;
    const left = Math.min(at.x, window.innerWidth - element.offsetWidth - margin);
    const top = Math.min(at.y, window.innerHeight - element.offsetHeight - margin);
    element.style.setProperty('left', `${Math.max(margin, left)}px`);
    element.style.setProperty('top', `${Math.max(margin, top)}px`);
  });

  /** What it was opened from, and where that stood. */
  const origin = useRef<{ element: HTMLElement; top: number } | null>(null);

  useLayoutEffect(() => {
    const before = document.activeElement;
    const element = menu.current;
    if (before instanceof HTMLElement && before !== document.body)
      origin.current = { element: before, top: before.getBoundingClientRect().top };
    element?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    return () => {
      const current = document.activeElement;
      // Unless a click elsewhere took it.
      const isFree = current === null || current === document.body || element?.contains(current);
      if (isFree && before instanceof HTMLElement) before.focus();
    };
  }, []);

  useEffect(() => {
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && menu.current?.contains(event.target)) return;
      onClose();
    };
    // A page that scrolls so that all stays where it is, or is told late of a scroll before, moves nothing.
    const closeOnScroll = (event: Event) => {
      const { element, top } = origin.current ?? {};
      const moved = element && top !== undefined ? element.getBoundingClientRect().top - top : null;
      if (moved === null || Math.abs(moved) > 2) closeOutside(event);
    };
    document.addEventListener('pointerdown', closeOutside, true);
    document.addEventListener('scroll', closeOnScroll, true);
    window.addEventListener('resize', onClose);
    window.addEventListener('blur', onClose);
    return () => {
      document.removeEventListener('pointerdown', closeOutside, true);
      document.removeEventListener('scroll', closeOnScroll, true);
      window.removeEventListener('resize', onClose);
      window.removeEventListener('blur', onClose);
    };
  }, [onClose]);

  const move = (event: KeyboardEvent) => {
    // What the menu is opened from has keys of its own.
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose();
      return;
    }
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const target = itemFor(event.key, items);
    if (!target) return;
    event.preventDefault();
    target.focus();
  };

  return createPortal(
    // A landmark of its own: it stands outside of all others.
    <section aria-label={label}>
      <div
        ref={menu}
        className="menu"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        onKeyDown={move}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {shown.map((group, index) => (
          <Fragment key={group[0]?.label}>
            {index > 0 && <hr className="menu-line" />}
            {group.map((item) => (
              <button
                key={item.label}
                type="button"
                role="menuitem"
                tabIndex={-1}
                className="menu-item"
                onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
                onClick={(event) => {
                  event.stopPropagation();
                  onClose();
                  item.run();
                }}
              >
                <Icon name={item.icon} />
                <span>
                  {item.label}
                  {item.hint && <span className="menu-hint">{item.hint}</span>}
                </span>
              </button>
            ))}
          </Fragment>
        ))}
      </div>
    </section>,
    within ?? document.body,
  );
}

/** The item that a key leads to. */
function itemFor(key: string, items: readonly HTMLElement[]): HTMLElement | undefined {
  const current = items.findIndex((item) => item.matches(':focus'));
  switch (key) {
    case 'ArrowDown':
      return items[(current + 1) % items.length];
    case 'ArrowUp':
      return items.at(current <= 0 ? -1 : current - 1);
    case 'Home':
      return items[0];
    case 'End':
      return items.at(-1);
    default: {
      if (key.length !== 1 || key === ' ') return undefined;
      const following = [...items.slice(current + 1), ...items.slice(0, current + 1)];
      return following.find((item) => item.textContent?.toLowerCase().startsWith(key.toLowerCase()));
    }
  }
}
