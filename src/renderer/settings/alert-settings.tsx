import type { Alerts } from '../../domain/news/news-preferences.ts';
import { LimitRows, OptionalNumberRow, SwitchRow } from './rows.tsx';
import type { SectionProps } from './section-props.ts';

/** What is worth a warning. */
export function AlertSettings({ preferences, change }: SectionProps) {
  const { alerts, notifications } = preferences;
  const set = (part: Partial<Alerts>) => change({ alerts: { ...alerts, ...part } });
  return (
    <>
      {!notifications.alerts && (
        <p className="setting-note" data-level="warning">
          Nothing of this is announced: “The machine needs attention” is switched off under Notifications.
        </p>
      )}
      <SwitchRow
        label="Memory ran out"
        hint="A prompt failed for want of VRAM or RAM; told even if you hear of no other failures."
        checked={alerts.outOfMemory}
        onChange={(outOfMemory) => set({ outOfMemory })}
      />
      <SwitchRow
        label="VRAM spilled into RAM"
        hint="ComfyUI holds more than fits the card, so everything is many times slower."
        checked={alerts.spilled}
        onChange={(spilled) => set({ spilled })}
      />
      <SwitchRow
        label="A GPU is slowed down"
        hint="For a minute, by heat, its power supply or its own protection. Its power limit is normal at full load."
        checked={alerts.throttled}
        onChange={(throttled) => set({ throttled })}
      />
      <SwitchRow
        label="A GPU gets too hot"
        hint="It reaches the limit at which the card slows itself down; 90 °C where the card tells none."
        checked={alerts.hot}
        onChange={(hot) => set({ hot })}
      />
      {alerts.hot && (
        <OptionalNumberRow
          label="Limit of my own"
          hint="Leave it empty to go by the card’s own."
          placeholder="card’s"
          value={alerts.gpuTemperatureC}
          min={40}
          max={120}
          unit="°C"
          onChange={(gpuTemperatureC) => set({ gpuTemperatureC })}
        />
      )}
      <SwitchRow
        label="The output disk is nearly full"
        hint="Less than 10 GiB is free, or less than a tenth of a small disk."
        checked={alerts.diskFull}
        onChange={(diskFull) => set({ diskFull })}
      />
      <SwitchRow
        label="A GPU is gone"
        hint="One that ComfyUI may compute on is not found any more, as after a reset of its driver."
        checked={alerts.gpuLost}
        onChange={(gpuLost) => set({ gpuLost })}
      />
      <LimitRows
        label="VRAM is nearly full"
        hint="That is normal today: ComfyUI fills it on purpose."
        limitLabel="Nearly full is"
        value={alerts.vramPercent}
        usual={95}
        min={50}
        max={100}
        unit="%"
        onChange={(vramPercent) => set({ vramPercent })}
      />
      <p className="setting-note">Each is told once, and again only after it was clearly over.</p>
    </>
  );
}
