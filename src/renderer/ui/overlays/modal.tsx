import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { Icon } from '../controls/icon.tsx';
import './modal.css';
import { t } from '../../../language/t.ts';

interface ModalProps {
  title: string;
  onClose: () => void;
  /** For lists and reports, which need more room than a form; `screen` takes what there is. */
  wide?: boolean | 'screen';
  /** `alertdialog` for a question that has to be answered. */
  role?: 'alertdialog';
  children: ReactNode;
}

/**
 * A dialog above the page; Escape and the cross close it. Shown while mounted. Whatever carries
 * `data-focus` gets the focus, else the first field; closing gives it back to where it was.
 */
export function Modal({ title, onClose, wide = false, role, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const shown = useRef(false);
  const heading = useId();
  // Before it leaves the document: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    shown.current = true;
    element.showModal();
    // The browser would take the cross; a user who opened a form wants to type.
    const first = element.querySelector<HTMLElement>('[data-focus]') ?? element.querySelector('input');
    first?.focus();
    return () => {
      shown.current = false;
      element.close();
    };
  }, []);
  // Outside of whatever opened it, so that the opener's styles do not reach into it.
  return createPortal(
    <dialog
      ref={dialog}
      className="modal"
      role={role}
      data-wide={wide === true || undefined}
      data-screen={wide === 'screen' || undefined}
      aria-labelledby={heading}
      onClose={(event) => {
        if (shown.current && !event.currentTarget.open) onClose();
      }}
    >
      <header className="modal-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="icon-button" aria-label={t('frame.close')} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </dialog>,
    document.body,
  );
}
