import { actions } from '../../contract/actions/actions.ts';
import { Icon } from '../ui/controls/icon.tsx';
import './start-hints.css';
import { t } from '../../language/t.ts';
import { Text } from '../ui/language.tsx';

interface StartHintsProps {
  url: string;
  onTryDemo: (() => void) | null;
  onAdd: () => void;
}

/** Ways out while a server has never been reached: start ComfyUI, another address, the demo. */
export function StartHints({ url, onTryDemo, onAdd }: StartHintsProps) {
  return (
    <section className="start-hints" aria-label={t('servers.start')}>
      <div className="start-hint">
        <h3>{t('servers.start.comfyui')}</h3>
        <p>
          <Text
            id="servers.start.comfyui.text"
            values={{ command: <code>python main.py</code>, url: <code>{url}</code> }}
          />
        </p>
      </div>
      <div className="start-hint">
        <h3>{t('servers.start.elsewhere')}</h3>
        <p>
          <Text id="servers.start.elsewhere.text" values={{ option: <code>--listen</code> }} />
        </p>
        <button type="button" className="button" onClick={onAdd}>
          <Icon name="plus" />
          {t('servers.start.add')}
        </button>
      </div>
      {onTryDemo && (
        <div className="start-hint">
          <h3>{t('servers.start.demo')}</h3>
          <p>{t('servers.start.demo.text')}</p>
          <button type="button" className="button" onClick={onTryDemo}>
            <Icon name="play" />
            {actions.start_demo.label}
          </button>
        </div>
      )}
    </section>
  );
}
