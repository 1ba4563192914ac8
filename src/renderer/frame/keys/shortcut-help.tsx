import { Fragment, useId } from 'react';
import { useMiniMode } from '../../mini/mini-mode.tsx';
import { usePage } from '../../session/session-context.tsx';
import { Modal } from '../../ui/overlays/modal.tsx';
import { type ShortcutLine, shortcutList } from './shortcut-list.ts';
import './shortcuts.css';
import { t } from '../../../language/t.ts';

/** Everything that keys do. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const platform = usePage((page) => page.host?.platform ?? '');
  const isDesktop = usePage((page) => page.host?.desktop != null);
  const globalShortcut = usePage((page) => page.preferences.window.shortcut);
  const canShowMini = useMiniMode().available;
  const groups = shortcutList({ platform, isDesktop, canShowMini, globalShortcut });
  const id = useId();
  return (
    <Modal title={t('frame.keys')} wide onClose={onClose}>
      <div className="shortcut-groups">
        {groups.map(({ title, lines }, index) => (
          <section key={title} aria-labelledby={`${id}${index}`}>
            <h3 id={`${id}${index}`}>{title}</h3>
            <dl>
              {lines.map((line) => (
                <div key={line.what} className="shortcut">
                  <dt>
                    <Keys {...line} />
                  </dt>
                  <dd>{line.what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

function Keys({ keys, joint = t('frame.keys.or') }: Pick<ShortcutLine, 'keys' | 'joint'>) {
  return keys.map((key, index) => (
    <Fragment key={key}>
      {index > 0 && <span className="shortcut-joint"> {joint} </span>}
      <kbd>{key}</kbd>
    </Fragment>
  ));
}
