import { languageNames, languages } from '../../language/languages.ts';
import { t } from '../../language/t.ts';
import { windowOptions } from '../session/chart-window.ts';
import { ChoiceRow, SelectRow, SwitchRow } from './rows.tsx';
import type { SectionProps } from './section-props.ts';

const themes = [
  { id: 'system', label: 'System', name: 'As the system' },
  { id: 'light', label: 'Light', name: 'Light' },
  { id: 'dark', label: 'Dark', name: 'Dark' },
] as const;

const units = [
  { id: 'binary', label: 'GiB', name: 'GiB, 1024³ bytes' },
  { id: 'decimal', label: 'GB', name: 'GB, 1000³ bytes' },
] as const;

export function AppearanceSettings({ preferences, change }: SectionProps) {
  const { appearance } = preferences;
  return (
    <>
      <SelectRow
        label={t('settings.language')}
        options={[
          { id: 'system', label: t('settings.language.system') },
          // Each in its own words, for who cannot read the others.
          ...languages.map((language) => ({
            id: language,
            label: languageNames[language],
            lang: language,
          })),
        ]}
        selected={appearance.language}
        onSelect={(language) => change({ appearance: { ...appearance, language } })}
      />
      <ChoiceRow
        label="Theme"
        options={themes}
        selected={appearance.theme}
        onSelect={(theme) => change({ appearance: { ...appearance, theme } })}
      />
      <SwitchRow
        label="Compact"
        hint="Smaller text and less space between things."
        checked={appearance.compact}
        onChange={(compact) => change({ appearance: { ...appearance, compact } })}
      />
    </>
  );
}

export function ChartSettings({ preferences, change }: SectionProps) {
  const { charts } = preferences;
  return (
    <>
      <ChoiceRow
        label="Time shown"
        hint="What the charts begin with."
        options={windowOptions()}
        selected={charts.window}
        onSelect={(window) => change({ charts: { ...charts, window } })}
      />
      <ChoiceRow
        label="Units of memory"
        hint="GiB counts in 1024s, as ComfyUI does; GB in 1000s, as disks are sold."
        options={units}
        selected={charts.units}
        onSelect={(chosen) => change({ charts: { ...charts, units: chosen } })}
      />
    </>
  );
}
