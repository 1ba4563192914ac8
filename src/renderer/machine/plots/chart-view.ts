import type { TelemetrySeries } from '../../../domain/telemetry/telemetry.ts';
import type { ChartWindow } from '../../session/chart-window.ts';
import type { TimeRange } from './plot-points.ts';

/** Less than this cannot be zoomed into: there are only a few samples in it, ms. */
const shortestSpan = 10_000;
/** Everything that is kept is shown as at least this much, ms. */
const shortestAll = 60_000;

/** All that is kept at `now`, ms. */
export function keptRange({ older, recent }: TelemetrySeries, now: number): TimeRange {
  return { since: older[0]?.at ?? recent[0]?.at ?? now, until: now };
}

/** What a window shows at `now`, ms. */
export function windowRange({ span }: ChartWindow, series: TelemetrySeries, now: number): TimeRange {
  if (span !== null) return { since: now - span, until: now };
  const { since } = keptRange(series, now);
  return { since: Math.min(since, now - shortestAll), until: now };
}

/** A stretch so many times as long around a moment, which keeps its place in it, within `bounds`. */
export function zoomed(range: TimeRange, factor: number, at: number, bounds: TimeRange): TimeRange {
  const span = range.until - range.since;
  const before = (at - range.since) / span;
  const next = span * factor;
  return fitted({ since: at - next * before, until: at + next * (1 - before) }, bounds);
}

/** A stretch moved by ms, which stays within `bounds`. */
export function moved({ since, until }: TimeRange, by: number, bounds: TimeRange): TimeRange {
  return fitted({ since: since + by, until: until + by }, bounds);
}

/** A stretch that is neither too short nor reaches beyond `bounds`. */
export function fitted(range: TimeRange, bounds: TimeRange): TimeRange {
  const longest = Math.max(shortestSpan, bounds.until - bounds.since);
  const span = Math.min(longest, Math.max(shortestSpan, range.until - range.since));
  const middle = (range.since + range.until) / 2;
  const until = Math.min(bounds.until, Math.max(middle + span / 2, bounds.since + span));
  return { since: until - span, until };
}
