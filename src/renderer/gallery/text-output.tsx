import type { ExecutedOutput } from '../../shared/executed-output.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Modal } from '../ui/modal.tsx';

/** A text that a node produced, in full. */
export function TextOutput({ output, onClose }: { output: ExecutedOutput; onClose: () => void }) {
  const text = output.text ?? '';
  return (
    <Modal title="Text output" onClose={onClose}>
      <pre className="text-output">{text}</pre>
      <footer className="modal-foot">
        <CopyButton text={text} label="Copy text" />
      </footer>
    </Modal>
  );
}
