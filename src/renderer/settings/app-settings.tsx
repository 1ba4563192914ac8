import { formatBytes } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { useHost } from '../session/use-host.ts';
import { useSay } from '../ui/overlays/messages.tsx';
import { useUnits } from '../ui/units.ts';
import { ChoiceRow, NumberRow, SwitchRow } from './rows.tsx';
import type { SectionProps } from './section-props.ts';
import { ShortcutRecorder } from './shortcut-recorder.tsx';

const mebibyte = 1024 * 1024;

/** How the desktop app starts, and how its window behaves. */
export function WindowSettings({ preferences, host, change }: SectionProps) {
  const { window, startAtLogin, startHidden } = preferences;
  const drawings = [
    {
      id: 'auto',
      label: t('settings.drawing.auto'),
      name: t('settings.drawing.auto.name'),
    },
    { id: 'processor', label: t('settings.drawing.processor'), name: t('settings.drawing.processor.name') },
    { id: 'gpu', label: 'GPU', name: t('settings.drawing.gpu.name') },
  ] as const;
  const noLogin = host.desktop?.startsAtLogin ? null : t('settings.login.unavailable');
  return (
    <>
      <SwitchRow
        label={t('settings.login')}
        unavailable={noLogin}
        checked={startAtLogin}
        onChange={(on) => change({ startAtLogin: on })}
      />
      <SwitchRow
        label={t('settings.login.hidden')}
        hint={t('settings.login.hidden.hint')}
        unavailable={noLogin}
        checked={startHidden}
        onChange={(on) => change({ startHidden: on })}
      />
      <SwitchRow
        label={t('settings.on_top')}
        checked={window.alwaysOnTop}
        onChange={(alwaysOnTop) => change({ window: { ...window, alwaysOnTop } })}
      />
      <ChoiceRow
        label={t('settings.drawing')}
        hint={t('settings.drawing.hint')}
        options={drawings}
        selected={window.drawing}
        onSelect={(drawing) => change({ window: { ...window, drawing } })}
      />
      <ShortcutRecorder
        shortcut={window.shortcut}
        platform={host.platform}
        isOwned={host.desktop?.ownsShortcut === true}
        onChange={(shortcut) => change({ window: { ...window, shortcut } })}
      />
    </>
  );
}

/** Copies of outputs that were opened. */
export function DownloadSettings({ preferences, change }: SectionProps) {
  const units = useUnits();
  const { cacheMebibytes } = preferences;
  return (
    <>
      <NumberRow
        label={t('settings.cache')}
        hint={t('settings.cache.hint', { size: formatBytes(cacheMebibytes * mebibyte, units) })}
        value={cacheMebibytes}
        min={50}
        max={100_000}
        unit="MiB"
        onChange={(value) => change({ cacheMebibytes: Math.round(value) })}
      />
      <ClearCache />
    </>
  );
}

function ClearCache() {
  const { ask } = useHost();
  const say = useSay();
  const units = useUnits();
  const clear = async () => {
    const reply = await ask('clearOutputCache', undefined);
    if (reply.ok) say(t('settings.cache.cleared', { size: formatBytes(reply.value.freedBytes, units) }));
  };
  return (
    <p className="settings-action">
      <button type="button" className="button" onClick={() => void clear()}>
        {t('settings.cache.clear')}
      </button>
    </p>
  );
}

export function UpdateSettings({ preferences, host, change }: SectionProps) {
  return (
    <SwitchRow
      label={t('settings.updates')}
      hint={host.desktop?.updatesItself ? t('settings.updates.itself') : t('settings.updates.notified')}
      checked={preferences.updates}
      onChange={(updates) => change({ updates })}
    />
  );
}
