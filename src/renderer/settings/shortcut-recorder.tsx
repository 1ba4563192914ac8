import { type KeyboardEvent, useState } from 'react';
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

  const shown = shortcut === null ? 'None' : shortcutText(shortcut, platform);
  return (
    <SettingRow
      label="Shortcut that shows the window"
      hint={
        refused
          ? 'Take Ctrl, Alt or ⌘ with a letter, a digit or a function key.'
          : isOwned
            ? 'Works in every program, unless another one has taken it.'
            : 'The desktop decides whether it works, and keeps former ones in its own settings; they do nothing here.'
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
              {recording ? 'Press the keys …' : shown}
            </span>
          </button>
          {shortcut !== null && (
            <button type="button" className="button" onClick={() => onChange(null)}>
              Clear
            </button>
          )}
        </span>
      )}
    </SettingRow>
  );
}
