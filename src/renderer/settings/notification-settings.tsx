import type { NotificationPreferences } from '../../domain/news/news-preferences.ts';
import { formatSoon } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { askPermission, usePermission } from '../session/notifications/permission.ts';
import { usePage } from '../session/session-context.tsx';
import { usePerform } from '../session/use-actions.ts';
import { useNow, wallTimeOf } from '../ui/clock.ts';
import { NumberRow, SettingRow, SwitchRow } from './rows.tsx';
import type { SectionProps } from './section-props.ts';

/** Which notifications the user gets, and when none. */
export function NotificationSettings({ preferences, host, change, attempt }: SectionProps) {
  const { notifications } = preferences;
  const set = (part: Partial<NotificationPreferences>) =>
    change({ notifications: { ...notifications, ...part } });
  const { quietHours } = notifications;
  return (
    <>
      {!host.desktop?.notifies && <Permission isDesktop={host.desktop !== null} />}
      <Pause attempt={attempt} />
      <h4>{t('settings.notify.title')}</h4>
      <SwitchRow
        label={t('settings.notify.finished')}
        checked={notifications.finished}
        onChange={(finished) => set({ finished })}
      />
      {notifications.finished && (
        <NumberRow
          label={t('settings.notify.at_least')}
          hint={t('settings.notify.at_least.hint')}
          value={notifications.atLeastSeconds}
          min={0}
          max={86_400}
          unit={t('settings.seconds')}
          onChange={(atLeastSeconds) => set({ atLeastSeconds })}
        />
      )}
      <SwitchRow
        label={t('settings.notify.failed')}
        checked={notifications.failed}
        onChange={(failed) => set({ failed })}
      />
      <SwitchRow
        label={t('settings.notify.interrupted')}
        checked={notifications.interrupted}
        onChange={(interrupted) => set({ interrupted })}
      />
      <SwitchRow
        label={t('settings.notify.empty')}
        hint={t('settings.notify.empty.hint')}
        checked={notifications.queueEmpty}
        onChange={(queueEmpty) => set({ queueEmpty })}
      />
      <SwitchRow
        label={t('settings.notify.connection')}
        hint={t('settings.notify.connection.hint')}
        checked={notifications.connection}
        onChange={(connection) => set({ connection })}
      />
      <SwitchRow
        label={t('settings.notify.alerts')}
        hint={t('settings.notify.alerts.hint')}
        checked={notifications.alerts}
        onChange={(alerts) => set({ alerts })}
      />
      <h4>{t('settings.notify.how')}</h4>
      <SwitchRow
        label={t('settings.notify.sound')}
        checked={notifications.sound}
        onChange={(sound) => set({ sound })}
      />
      <SwitchRow
        label={t('settings.notify.focused')}
        checked={notifications.notWhileFocused}
        onChange={(notWhileFocused) => set({ notWhileFocused })}
      />
      <SwitchRow
        label={t('settings.quiet')}
        hint={t('settings.quiet.hint')}
        checked={quietHours !== null}
        onChange={(on) => set({ quietHours: on ? { from: '22:00', until: '07:00' } : null })}
      />
      {quietHours !== null && (
        <QuietHours hours={quietHours} onChange={(hours) => set({ quietHours: hours })} />
      )}
    </>
  );
}

type Hours = NonNullable<NotificationPreferences['quietHours']>;

function QuietHours({ hours, onChange }: { hours: Hours; onChange: (hours: Hours) => void }) {
  const set = (part: Partial<Hours>) => {
    const next = { ...hours, ...part };
    // While it is typed, the field is empty.
    if (next.from !== '' && next.until !== '') onChange(next);
  };
  return (
    <SettingRow
      label={t('settings.quiet.from')}
      hint={hours.until < hours.from ? t('settings.quiet.next_day') : undefined}
    >
      {({ id, hintId }) => (
        <span className="setting-number">
          <input
            id={id}
            className="input time"
            type="time"
            value={hours.from}
            onChange={(event) => set({ from: event.target.value })}
          />
          <label htmlFor={`${id}-until`}>{t('settings.quiet.until')}</label>
          <input
            id={`${id}-until`}
            className="input time"
            type="time"
            aria-label={t('settings.quiet.until.label')}
            aria-describedby={hintId}
            value={hours.until}
            onChange={(event) => set({ until: event.target.value })}
          />
        </span>
      )}
    </SettingRow>
  );
}

function Pause({ attempt }: Pick<SectionProps, 'attempt'>) {
  const perform = usePerform();
  const until = usePage((page) => page.notificationsPausedUntil);
  const now = wallTimeOf(useNow());
  const paused = until !== null && until > now;
  const pause = (span: 'hour' | 'tomorrow') =>
    void attempt(perform({ do: 'pause_notifications', until: span }));
  return (
    <div className="setting">
      <div className="setting-text">
        <p>{paused ? t('settings.pause.paused') : t('settings.pause.all')}</p>
        <p className="setting-hint" role="status">
          {paused ? t('settings.pause.until', { time: formatSoon(until, now) }) : t('settings.pause.hint')}
        </p>
      </div>
      <div className="setting-control">
        {paused ? (
          <button
            type="button"
            className="button"
            onClick={() => void attempt(perform({ do: 'resume_notifications' }))}
          >
            {t('settings.pause.resume')}
          </button>
        ) : (
          <>
            <button type="button" className="button" onClick={() => pause('hour')}>
              {t('settings.pause.hour')}
            </button>
            <button type="button" className="button" onClick={() => pause('tomorrow')}>
              {t('settings.pause.tomorrow')}
            </button>
          </>
        )}
      </div>
    </div>
  );
}

/** In the browser, it is the browser that has to agree first. */
function Permission({ isDesktop }: { isDesktop: boolean }) {
  const permission = usePermission();
  if (permission === 'granted') return <p className="setting-note">{t('settings.permission.granted')}</p>;
  if (permission === 'default')
    return (
      <div className="setting">
        <div className="setting-text">
          <p>{t('settings.permission.unasked')}</p>
          <p className="setting-hint">{t('settings.permission.unasked.hint')}</p>
        </div>
        <div className="setting-control">
          <button type="button" className="button primary" onClick={() => void askPermission()}>
            {t('settings.permission.allow')}
          </button>
        </div>
      </div>
    );
  return (
    <p className="setting-note" data-level="warning">
      {permission === 'denied'
        ? t('settings.permission.blocked')
        : isDesktop
          ? t('settings.permission.desktop')
          : t('settings.permission.none')}
    </p>
  );
}
