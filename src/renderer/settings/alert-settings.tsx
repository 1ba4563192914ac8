import type { Alerts } from '../../domain/news/news-preferences.ts';
import { t } from '../../language/t.ts';
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
          {t('settings.alert.off')}
        </p>
      )}
      <SwitchRow
        label={t('settings.alert.memory')}
        hint={t('settings.alert.memory.hint')}
        checked={alerts.outOfMemory}
        onChange={(outOfMemory) => set({ outOfMemory })}
      />
      <SwitchRow
        label={t('settings.alert.spilled')}
        hint={t('settings.alert.spilled.hint')}
        checked={alerts.spilled}
        onChange={(spilled) => set({ spilled })}
      />
      <SwitchRow
        label={t('settings.alert.throttled')}
        hint={t('settings.alert.throttled.hint')}
        checked={alerts.throttled}
        onChange={(throttled) => set({ throttled })}
      />
      <SwitchRow
        label={t('settings.alert.hot')}
        hint={t('settings.alert.hot.hint')}
        checked={alerts.hot}
        onChange={(hot) => set({ hot })}
      />
      {alerts.hot && (
        <OptionalNumberRow
          label={t('settings.alert.limit')}
          hint={t('settings.alert.limit.hint')}
          placeholder={t('settings.alert.limit.card')}
          value={alerts.gpuTemperatureC}
          min={40}
          max={120}
          unit="°C"
          onChange={(gpuTemperatureC) => set({ gpuTemperatureC })}
        />
      )}
      <SwitchRow
        label={t('settings.alert.disk')}
        hint={t('settings.alert.disk.hint')}
        checked={alerts.diskFull}
        onChange={(diskFull) => set({ diskFull })}
      />
      <SwitchRow
        label={t('settings.alert.gone')}
        hint={t('settings.alert.gone.hint')}
        checked={alerts.gpuLost}
        onChange={(gpuLost) => set({ gpuLost })}
      />
      <LimitRows
        label={t('settings.alert.vram')}
        hint={t('settings.alert.vram.hint')}
        limitLabel={t('settings.alert.vram.limit')}
        value={alerts.vramPercent}
        usual={95}
        min={50}
        max={100}
        unit="%"
        onChange={(vramPercent) => set({ vramPercent })}
      />
      <p className="setting-note">{t('settings.alert.note')}</p>
    </>
  );
}
