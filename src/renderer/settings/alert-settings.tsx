import { LimitRows } from './rows.tsx';
import type { SectionProps } from './section-props.ts';

/** Limits worth a warning. */
export function AlertSettings({ preferences, change }: SectionProps) {
  const { alerts, notifications } = preferences;
  return (
    <>
      {!notifications.alerts && (
        <p className="setting-note" data-level="warning">
          Passed limits are not announced: “A limit was passed” is switched off under Notifications.
        </p>
      )}
      <LimitRows
        label="A GPU gets too hot"
        hint="Needs the Crystools extension on the server, which measures it."
        limitLabel="Hot is"
        value={alerts.gpuTemperatureC}
        usual={90}
        min={40}
        max={120}
        unit="°C"
        onChange={(gpuTemperatureC) => change({ alerts: { ...alerts, gpuTemperatureC } })}
      />
      <LimitRows
        label="VRAM gets nearly full"
        hint="Many models fill it on purpose."
        limitLabel="Nearly full is"
        value={alerts.vramPercent}
        usual={95}
        min={50}
        max={100}
        unit="%"
        onChange={(vramPercent) => change({ alerts: { ...alerts, vramPercent } })}
      />
      <p className="setting-note">
        Announced once; again only after the value has been 5 °C or 5 % below its limit.
      </p>
    </>
  );
}
