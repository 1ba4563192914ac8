import { formatMoment, formatRoughly, formatTimeOfDay } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';
import { wallTimeOf } from '../../ui/clock.ts';
import type { TimeRange } from './plot-points.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Below this, minutes alone would say the same twice, ms. */
const needsSeconds = 10 * minute;

/** What the ends and the middle of a time axis are called: how long ago while it goes on, else when. */
export function axisNames({ since, until }: TimeRange, isLive: boolean) {
  const span = until - since;
  if (isLive)
    return {
      begin: t('machine.ago', { duration: spanName(span) }),
      middle: spanName(span / 2),
      end: t('machine.now'),
    };
  const name = (at: number) =>
    span < needsSeconds ? formatMoment(wallTimeOf(at)) : formatTimeOfDay(wallTimeOf(at));
  return { begin: name(since), middle: name((since + until) / 2), end: name(until) };
}

/** `2½ min`, `15 min`, `3 h`; ms in. */
function spanName(span: number): string {
  if (span % hour === 0) return t('machine.window.hours', { n: span / hour });
  if (span % minute === minute / 2 && span < 10 * minute)
    return t('machine.window.minutes', { n: `${Math.floor(span / minute)}½` });
  return formatRoughly(span);
}
