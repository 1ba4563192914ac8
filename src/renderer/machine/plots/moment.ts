import type {
  TelemetryMinute,
  TelemetrySample,
  TelemetrySeries,
} from '../../../domain/telemetry/telemetry.ts';
import { longestSilence, minuteGap } from './plot-points.ts';

/** What was measured at a time, ms since the epoch: the nearest sample; null in a gap. */
export function sampleAt(series: TelemetrySeries, at: number): TelemetrySample | TelemetryMinute | null {
  const recent = nearest(series.recent, at);
  const older = nearest(series.older, at);
  const isRecent = recent && (!older || Math.abs(recent.at - at) <= Math.abs(older.at - at));
  const found = isRecent ? recent : older;
  const allowed = isRecent ? longestSilence(series) / 2 : minuteGap / 2;
  return found && Math.abs(found.at - at) <= allowed ? found : null;
}

function nearest<T extends TelemetrySample>(samples: readonly T[], at: number): T | null {
  let from = 0;
  let to = samples.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((samples[middle]?.at ?? 0) < at) from = middle + 1;
    else to = middle;
  }
  const [before, after] = [samples[from - 1], samples[from]];
  if (!before || !after) return before ?? after ?? null;
  return at - before.at <= after.at - at ? before : after;
}
