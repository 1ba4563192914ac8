import { type KeyboardEvent, useState } from 'react';
import { t } from '../../language/t.ts';
import { shortcutText } from '../ui/shortcut-text.ts';
import { SettingRow } from './rows.tsx';
import { acceleratorOf } from './shortcut.ts';

interface ShortcutRecorderProps {
  /** Electron's notation; null for none. */
  shortcut: string | null;
  platform: string;
  /** Whether the system gives the shortcut to the app and takes it back; else the desktop's user does. */
  isOwned: boolean;
  onChange: (shortcut: string | null) => void;
}

/** Takes a combination of keys from the keyboard. */
export function ShortcutRecorder({ shortcut, platform, isOwned, onChange }: ShortcutRecorderProps) {
  const [recording, setRecording] = useState(false);
  const [refused, setRefused] = useState(false);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!recording || event.key === 'Tab') return;
    event.preventDefault();
    // Escape would close the settings, and the app's own keys must not work meanwhile.
    event.stopPropagation();
    event.nativeEvent.stopImmediatePropagation();
    if (event.key === 'Escape') return stop();
    const accelerator = acceleratorOf(event.nativeEvent);
    setRefused(accelerator === 'unusable');
    if (accelerator === null || accelerator === 'unusable') return;
    stop();
    onChange(accelerator);
  };
  const stop = () => {
    setRecording(false);
    setRefused(false);
  };

  const shown = shortcut === null ? t('settings.shortcut.none') : shortcutText(shortcut, platform);
  return (
    <SettingRow
      label={t('settings.shortcut')}
      hint={
        refused
          ? t('settings.shortcut.refused')
          : isOwned
            ? t('settings.shortcut.owned')
            : t('settings.shortcut.wayland')
      }
      alert={refused}
      named
    >
      {({ labelId, hintId }) => (
        <span className="setting-shortcut">
          <button
            type="button"
            className="button shortcut-button"
            aria-labelledby={labelId}
            aria-describedby={`${hintId} ${labelId}-keys`}
            aria-pressed={recording}
            onClick={() => setRecording(!recording)}
            onBlur={stop}
            onKeyDown={onKeyDown}
          >
            <span id={`${labelId}-keys`} aria-live="polite">
              {recording ? t('settings.shortcut.press') : shown}
            </span>
          </button>
          {shortcut !== null && (
            <button type="button" className="button" onClick={() => onChange(null)}>
              {t('settings.shortcut.clear')}
            </button>
          )}
        </span>
      )}
    </SettingRow>
  );
}
