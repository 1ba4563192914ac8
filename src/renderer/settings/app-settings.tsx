import { formatBytes } from '../../domain/text/format.ts';
import { useHost } from '../session/use-host.ts';
import { useSay } from '../ui/overlays/messages.tsx';
import { useUnits } from '../ui/units.ts';
import { ChoiceRow, NumberRow, SwitchRow } from './rows.tsx';
import type { SectionProps } from './section-props.ts';
import { ShortcutRecorder } from './shortcut-recorder.tsx';

const mebibyte = 1024 * 1024;

const drawings = [
  {
    id: 'auto',
    label: 'Automatic',
    name: 'By the processor where ComfyUI runs on this computer, else by the GPU',
  },
  { id: 'processor', label: 'Processor', name: 'By the processor' },
  { id: 'gpu', label: 'GPU', name: 'By the GPU' },
] as const;

/** How the desktop app starts, and how its window behaves. */
export function WindowSettings({ preferences, host, change }: SectionProps) {
  const { window, startAtLogin, startHidden } = preferences;
  const noLogin = host.desktop?.startsAtLogin
    ? null
    : 'Only for an installed app; this one runs from its source.';
  return (
    <>
      <SwitchRow
        label="Start when I log in"
        unavailable={noLogin}
        checked={startAtLogin}
        onChange={(on) => change({ startAtLogin: on })}
      />
      <SwitchRow
        label="Then show only the tray icon"
        hint="The window stays closed until you open it."
        unavailable={noLogin}
        checked={startHidden}
        onChange={(on) => change({ startHidden: on })}
      />
      <SwitchRow
        label="Keep the window on top"
        checked={window.alwaysOnTop}
        onChange={(alwaysOnTop) => change({ window: { ...window, alwaysOnTop } })}
      />
      <ChoiceRow
        label="Draw with"
        hint="From the next start on. The processor leaves all VRAM to ComfyUI; automatic does so where ComfyUI runs on this computer."
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
        label="Keep downloaded outputs up to"
        hint={`${formatBytes(cacheMebibytes * mebibyte, units)} together. Downloaded is what you open from a ComfyUI on another computer.`}
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
    if (reply.ok) say(`The downloaded copies are gone: ${formatBytes(reply.value.freedBytes, units)} freed.`);
  };
  return (
    <p className="settings-action">
      <button type="button" className="button" onClick={() => void clear()}>
        Clear downloaded copies
      </button>
    </p>
  );
}

export function UpdateSettings({ preferences, host, change }: SectionProps) {
  return (
    <SwitchRow
      label="Look for new versions"
      hint={
        host.desktop?.updatesItself
          ? 'They are fetched in the background and installed at the next restart.'
          : 'You are notified of them; this app has to be updated the way it was installed.'
      }
      checked={preferences.updates}
      onChange={(updates) => change({ updates })}
    />
  );
}
