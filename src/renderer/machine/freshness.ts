import {
  currentSample,
  type TelemetrySample,
  type TelemetrySeries,
} from '../../domain/telemetry/telemetry.ts';
import { longestSilence } from './plots/plot-points.ts';

/** How old the newest telemetry is. */
export interface Freshness {
  /** The newest sample, however old; null before the first one. */
  last: TelemetrySample | null;
  /** ms since the newest sample, if that is too long to call it current; null while it is current. */
  silentFor: number | null;
}

/** Telemetry counts as current for 5 s, or longer if its sender is known to be slower. */
export function freshness(series: TelemetrySeries, now: number): Freshness {
  const last = series.recent.at(-1) ?? null;
  if (!last) return { last: null, silentFor: null };
  const current = currentSample(series, now, Math.max(5_000, longestSilence(series)));
  return { last, silentFor: current ? null : now - last.at };
}
