import type { TelemetrySource } from '../../domain/telemetry/machine-state.ts';
import type { TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';

const sourceTexts: Record<TelemetrySource, TextKey> = {
  companion: 'machine.source.companion',
  local: 'machine.source.local',
  crystools: 'machine.source.crystools',
  system_stats: 'machine.source.system_stats',
};

/** Where a figure comes from, as a sentence without its full stop. */
export function sourceText(source: TelemetrySource): string {
  return t(sourceTexts[source]);
}

/** Why a figure is missing that somebody else could tell. */
export function nobodyTells(): string {
  return t('machine.nobody_tells');
}

/** Figures of one source. */
interface SourcedFigures {
  source: TelemetrySource;
  figures: { name: string; value: string }[];
}

/** What there is to know about something that is shown. */
export interface Explanation {
  /** What it is about; null where that is said already. */
  title: string | null;
  /** In the order of what is told first. */
  sourced: SourcedFigures[];
  /** What is not known, and why. */
  missing: { name: string; reason: string }[];
  /** What a figure means, where that is not plain. */
  notes: string[];
}

/** A value that may be known. */
export interface FigureFacts {
  name: string;
  /** Null if it is not known. */
  value: string | null;
  source: TelemetrySource | undefined;
  /** Why it is not known, if anybody says. */
  reason?: string | undefined;
}

/** Puts figures together by where they come from, so that it shows where those of one thing differ in that. */
export function explanationOf(
  title: string | null,
  facts: readonly FigureFacts[],
  notes: string[] = [],
): Explanation {
  const sourced: SourcedFigures[] = [];
  const missing: Explanation['missing'] = [];
  for (const { name, value, source, reason } of facts) {
    if (value === null) {
      if (reason !== undefined) missing.push({ name, reason });
    } else if (source !== undefined) {
      const same = sourced.find((group) => group.source === source);
      if (same) same.figures.push({ name, value });
      else sourced.push({ source, figures: [{ name, value }] });
    }
  }
  return { title, sourced, missing, notes };
}
