import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { PreferenceChanges } from '../../contract/preferences.ts';
import { usePage, useSession } from '../session/session-context.tsx';
import { useHost } from '../session/use-host.ts';
import { FailureNote } from '../ui/controls/failure-note.tsx';
import { Icon } from '../ui/controls/icon.tsx';
import { Modal } from '../ui/overlays/modal.tsx';
import { AboutSettings } from './about-settings.tsx';
import { AlertSettings } from './alert-settings.tsx';
import { DownloadSettings, UpdateSettings, WindowSettings } from './app-settings.tsx';
import { AppearanceSettings, ChartSettings } from './appearance-settings.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import type { SectionProps } from './section-props.ts';
import { type SettingsSection, usableSections } from './settings-section.ts';
import './settings.css';
import { t } from '../../language/t.ts';

interface SettingsDialogProps {
  start: SettingsSection;
  /** The section about the servers. */
  servers: ReactNode;
  onClose: () => void;
}

/**
 * Everything that can be set. Where there is room, one section beside the list of all; else all of them,
 * one below the other (which of the two, CSS decides).
 */
export function SettingsDialog({ start, servers, onClose }: SettingsDialogProps) {
  const host = usePage((page) => page.host);
  const preferences = usePage((page) => page.preferences);
  const [selected, setSelected] = useState(start);
  const { ask, attempt, failure } = useHost('inline');
  const { changePreferences } = useSession();
  const sections = useRef<HTMLDivElement>(null);
  const isShown = host !== null;
  // Where all are below each other, the one asked for may be far down. After the dialog has opened: what
  // is not shown cannot be scrolled.
  useLayoutEffect(() => {
    if (isShown) sections.current?.querySelector(`[data-section="${start}"]`)?.scrollIntoView();
  }, [isShown, start]);
  if (!host) return null;
  const usable = usableSections(host);
  const current = usable.find(({ id }) => id === selected) ?? usable[0];

  const change = (changes: PreferenceChanges) => void attempt(changePreferences(changes));
  const select = (id: SettingsSection) => {
    setSelected(id);
    sections.current?.scrollTo?.({ top: 0 });
  };
  return (
    <Modal title={t('settings.title')} wide="screen" onClose={onClose}>
      <div className="settings">
        <nav className="settings-rail" aria-label={t('settings.title')}>
          {usable.map(({ id, title, icon }) => (
            <button
              key={id}
              type="button"
              className="settings-tab"
              aria-current={id === current?.id ? 'true' : undefined}
              data-focus={id === start || undefined}
              onClick={() => select(id)}
            >
              <Icon name={icon} />
              {t(title)}
            </button>
          ))}
        </nav>
        <div className="settings-sections" ref={sections}>
          {usable.map(({ id, title }) => (
            <section
              key={id}
              className="settings-section"
              data-section={id}
              data-selected={id === current?.id || undefined}
              aria-labelledby={`settings-${id}`}
            >
              <h3 id={`settings-${id}`}>{t(title)}</h3>
              {id === 'servers' ? servers : contents[id]({ preferences, host, change, ask, attempt })}
            </section>
          ))}
        </div>
        <FailureNote failure={failure} className="settings-failure" />
      </div>
    </Modal>
  );
}

const contents: Record<Exclude<SettingsSection, 'servers'>, (props: SectionProps) => ReactNode> = {
  notifications: (props) => <NotificationSettings {...props} />,
  alerts: (props) => <AlertSettings {...props} />,
  appearance: (props) => <AppearanceSettings {...props} />,
  charts: (props) => <ChartSettings {...props} />,
  window: (props) => <WindowSettings {...props} />,
  downloads: (props) => <DownloadSettings {...props} />,
  updates: (props) => <UpdateSettings {...props} />,
  about: (props) => <AboutSettings {...props} />,
};
