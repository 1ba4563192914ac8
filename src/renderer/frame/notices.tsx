import { useState } from 'react';
import type { Notice } from '../../contract/notice.ts';
import { usePage } from '../session/session-context.tsx';
import { useActions } from '../session/use-actions.ts';
import { useHost } from '../session/use-host.ts';
import { Icon } from '../ui/controls/icon.tsx';
import './notices.css';
import { t } from '../../language/t.ts';
import { Text } from '../ui/language.tsx';

/** What the host has to say, until dismissed; and that the host itself is gone, until it is back. */
export function Notices() {
  const notices = usePage((page) => page.notices);
  const link = usePage((page) => page.link);
  const { ask } = useHost('ignored');
  // At once, and then for every page: the desktop app makes its page anew whenever its window is shown again.
  const [dismissed, setDismissed] = useState<readonly Notice[]>([]);
  const shown = notices.filter((notice) => !dismissed.includes(notice));
  const dismiss = (notice: Notice) => {
    setDismissed((before) => [...before, notice]);
    void ask('dismissNotice', { id: notice.id });
  };
  return (
    <div className="notices">
      {link === 'lost' && (
        <div className="notice" data-level="error" role="alert">
          <Icon name="alert" />
          <p>
            <Text id="frame.host_gone" values={{ b: (words) => <b>{words}</b> }} />
          </p>
        </div>
      )}
      {shown.map((notice) => (
        <NoticeBanner key={notice.id} notice={notice} onDismiss={() => dismiss(notice)} />
      ))}
    </div>
  );
}

function NoticeBanner({ notice, onDismiss }: { notice: Notice; onDismiss: () => void }) {
  return (
    <div className="notice" data-level={notice.level} role={notice.level === 'error' ? 'alert' : 'status'}>
      <Icon name={notice.level === 'info' ? 'info' : 'alert'} />
      <p>
        <b>{notice.what}</b> {notice.why} {notice.next}
      </p>
      {notice.action === 'restart_to_update' && <RestartToUpdate />}
      <button
        type="button"
        className="icon-button"
        aria-label={t('frame.dismiss_notice')}
        onClick={onDismiss}
      >
        <Icon name="cross" />
      </button>
    </div>
  );
}

/** What runs on the servers goes on meanwhile, so nothing has to be asked. */
function RestartToUpdate() {
  const { run } = useActions();
  return (
    <button type="button" className="button small" onClick={() => void run({ do: 'restart_to_update' })}>
      {t('frame.restart_now')}
    </button>
  );
}
