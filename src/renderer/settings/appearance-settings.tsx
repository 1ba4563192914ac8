import { languageNames, languages } from '../../language/languages.ts';
import { t } from '../../language/t.ts';
import { windowOptions } from '../session/chart-window.ts';
import { ChoiceRow, SelectRow, SwitchRow } from './rows.tsx';
import type { SectionProps } from './section-props.ts';

export function AppearanceSettings({ preferences, change }: SectionProps) {
  const { appearance } = preferences;
  const themes = [
    { id: 'system', label: t('settings.theme.system'), name: t('settings.theme.system.name') },
    { id: 'light', label: t('settings.theme.light'), name: t('settings.theme.light') },
    { id: 'dark', label: t('settings.theme.dark'), name: t('settings.theme.dark') },
  ] as const;
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
        label={t('settings.theme')}
        options={themes}
        selected={appearance.theme}
        onSelect={(theme) => change({ appearance: { ...appearance, theme } })}
      />
      <SwitchRow
        label={t('settings.compact')}
        hint={t('settings.compact.hint')}
        checked={appearance.compact}
        onChange={(compact) => change({ appearance: { ...appearance, compact } })}
      />
    </>
  );
}

export function ChartSettings({ preferences, change }: SectionProps) {
  const { charts } = preferences;
  const units = [
    { id: 'binary', label: 'GiB', name: t('settings.units.binary.name') },
    { id: 'decimal', label: 'GB', name: t('settings.units.decimal.name') },
  ] as const;
  return (
    <>
      <ChoiceRow
        label={t('settings.charts.window')}
        hint={t('settings.charts.window.hint')}
        options={windowOptions()}
        selected={charts.window}
        onSelect={(window) => change({ charts: { ...charts, window } })}
      />
      <ChoiceRow
        label={t('settings.units')}
        hint={t('settings.units.hint')}
        options={units}
        selected={charts.units}
        onSelect={(chosen) => change({ charts: { ...charts, units: chosen } })}
      />
    </>
  );
}
