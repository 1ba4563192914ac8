import { actions } from '../../contract/actions/actions.ts';
import { Icon } from '../ui/controls/icon.tsx';
import './start-hints.css';

interface StartHintsProps {
  url: string;
  onTryDemo: (() => void) | null;
  onAdd: () => void;
}

/** Ways out while a server has never been reached: start ComfyUI, another address, the demo. */
export function StartHints({ url, onTryDemo, onAdd }: StartHintsProps) {
  return (
    <section className="start-hints" aria-label="Getting started">
      <div className="start-hint">
        <h3>Start ComfyUI</h3>
        <p>
          Run <code>python main.py</code> in its folder, or open the ComfyUI desktop app. This page connects
          to <code>{url}</code> by itself.
        </p>
      </div>
      <div className="start-hint">
        <h3>It runs elsewhere</h3>
        <p>
          On another computer, start it with <code>--listen</code> and use that computer’s address here. The
          desktop app listens on port 8000.
        </p>
        <button type="button" className="button" onClick={onAdd}>
          <Icon name="plus" />
          Add its address
        </button>
      </div>
      {onTryDemo && (
        <div className="start-hint">
          <h3>No ComfyUI at hand</h3>
          <p>The demo is a simulated ComfyUI inside this app. It shows everything that a real one would.</p>
          <button type="button" className="button" onClick={onTryDemo}>
            <Icon name="play" />
            {actions.start_demo.label}
          </button>
        </div>
      )}
    </section>
  );
}
