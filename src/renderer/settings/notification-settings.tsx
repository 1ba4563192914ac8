import type { NotificationPreferences } from '../../domain/news/news-preferences.ts';
import { formatSoon } from '../../domain/text/format.ts';
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
      <h4>Tell me when</h4>
      <SwitchRow
        label="A prompt finished"
        checked={notifications.finished}
        onChange={(finished) => set({ finished })}
      />
      {notifications.finished && (
        <NumberRow
          label="Only if it ran at least"
          hint="Short prompts are over before you have looked away."
          value={notifications.atLeastSeconds}
          min={0}
          max={86_400}
          unit="seconds"
          onChange={(atLeastSeconds) => set({ atLeastSeconds })}
        />
      )}
      <SwitchRow
        label="A prompt failed"
        checked={notifications.failed}
        onChange={(failed) => set({ failed })}
      />
      <SwitchRow
        label="A prompt was interrupted"
        checked={notifications.interrupted}
        onChange={(interrupted) => set({ interrupted })}
      />
      <SwitchRow
        label="The queue is empty"
        hint="After the last of several prompts."
        checked={notifications.queueEmpty}
        onChange={(queueEmpty) => set({ queueEmpty })}
      />
      <SwitchRow
        label="A server was lost or is back"
        hint="Announced after half a minute without a connection."
        checked={notifications.connection}
        onChange={(connection) => set({ connection })}
      />
      <SwitchRow
        label="The machine needs attention"
        hint="Of what, is set under Alerts."
        checked={notifications.alerts}
        onChange={(alerts) => set({ alerts })}
      />
      <h4>How</h4>
      <SwitchRow label="With a sound" checked={notifications.sound} onChange={(sound) => set({ sound })} />
      <SwitchRow
        label="Not while I look at the monitor"
        checked={notifications.notWhileFocused}
        onChange={(notWhileFocused) => set({ notWhileFocused })}
      />
      <SwitchRow
        label="Quiet hours"
        hint="What happens then is not announced later."
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
      label="Quiet from"
      hint={hours.until < hours.from ? 'Until then on the next day.' : undefined}
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
          <label htmlFor={`${id}-until`}>until</label>
          <input
            id={`${id}-until`}
            className="input time"
            type="time"
            aria-label="Quiet until"
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
        <p>{paused ? 'Notifications are paused' : 'Pause all notifications'}</p>
        <p className="setting-hint" role="status">
          {paused ? `Until ${formatSoon(until, now)}.` : 'For this monitor, wherever it is shown.'}
        </p>
      </div>
      <div className="setting-control">
        {paused ? (
          <button
            type="button"
            className="button"
            onClick={() => void attempt(perform({ do: 'resume_notifications' }))}
          >
            Resume
          </button>
        ) : (
          <>
            <button type="button" className="button" onClick={() => pause('hour')}>
              For 1 hour
            </button>
            <button type="button" className="button" onClick={() => pause('tomorrow')}>
              Until tomorrow
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
  if (permission === 'granted')
    return <p className="setting-note">Shown by this browser, as long as one tab of the monitor is open.</p>;
  if (permission === 'default')
    return (
      <div className="setting">
        <div className="setting-text">
          <p>This browser has not been asked yet</p>
          <p className="setting-hint">It tells as long as one tab of the monitor is open.</p>
        </div>
        <div className="setting-control">
          <button type="button" className="button primary" onClick={() => void askPermission()}>
            Allow notifications
          </button>
        </div>
      </div>
    );
  return (
    <p className="setting-note" data-level="warning">
      {permission === 'denied'
        ? 'This browser blocks notifications of the monitor. Allow them at the left of its address bar.'
        : isDesktop
          ? 'This desktop shows no notifications.'
          : 'This browser has no notifications.'}
    </p>
  );
}
