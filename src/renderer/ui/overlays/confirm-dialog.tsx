import type { ReactNode } from 'react';
import { Modal } from './modal.tsx';

interface ConfirmDialogProps {
  /** The question. */
  title: string;
  /** What follows from saying yes. */
  children: ReactNode;
  /** What is done, in its own words: never just "OK". */
  confirm: string;
  keep: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. The safe answer has the focus. */
export function ConfirmDialog({ title, children, confirm, keep, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <Modal title={title} role="alertdialog" onClose={onClose}>
      <div className="confirm-text">{children}</div>
      <footer className="modal-foot">
        <button type="button" className="button" data-focus onClick={onClose}>
          {keep}
        </button>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {confirm}
        </button>
      </footer>
    </Modal>
  );
}
