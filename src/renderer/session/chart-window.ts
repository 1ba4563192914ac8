import type { Language } from '../../language/languages.ts';
import { currentLanguage, t } from '../../language/t.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How far back the charts look, ms; null for everything that is kept. */
const chartWindows = [
  { id: '5m', span: 5 * minute },
  { id: '15m', span: 15 * minute },
  { id: '30m', span: 30 * minute },
  { id: '1h', span: hour },
  { id: '6h', span: 6 * hour },
  { id: '24h', span: 24 * hour },
  { id: 'all', span: null },
] as const;

export type ChartWindow = (typeof chartWindows)[number];

/** The window of an id; the first one for an id that is none. */
export function windowOf(id: string): ChartWindow {
  return chartWindows.find((candidate) => candidate.id === id) ?? chartWindows[0];
}

let options: { language: Language; windows: readonly WindowOption[] } | null = null;

/** The windows to choose from, each with a short label and its name; the same list until another language is spoken. */
export function windowOptions(): readonly WindowOption[] {
  const language = currentLanguage();
  if (options?.language !== language)
    options = { language, windows: chartWindows.map(({ id, span }) => ({ id, ...words(span) })) };
  return options.windows;
}

interface WindowOption {
  id: ChartWindow['id'];
  label: string;
  name: string;
}

function words(span: number | null): { label: string; name: string } {
  if (span === null) return { label: t('machine.window.all'), name: t('machine.window.all_name') };
  const n = span / (span < hour ? minute : hour);
  return span < hour
    ? { label: t('machine.window.minutes', { n }), name: t('machine.window.minutes_name', { n }) }
    : { label: t('machine.window.hours', { n }), name: t('machine.window.hours_name', { n }) };
}
