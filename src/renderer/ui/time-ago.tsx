import { useMemo } from 'react';
import { dateLocale, formatDuration, formatTimeOfDay } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';
import { useNow, wallTimeOf } from './clock.ts';

/** When something was, as people say it; renders again only when the words can change. */
export function TimeAgo({ at }: { at: number }) {
  const now = useNow(10_000);
  const moment = wallTimeOf(at);
  const locale = dateLocale();
  // Formatting costs more than all the rest of it, and lists show many.
  const whole = useMemo(() => {
    const date = new Date(moment);
    return { machine: date.toISOString(), people: date.toLocaleString(locale) };
  }, [moment, locale]);
  return (
    <time dateTime={whole.machine} title={whole.people}>
      {timeAgo(moment, wallTimeOf(now))}
    </time>
  );
}

/** `just now`, `5 min ago`, `3 h ago`, `yesterday 14:05`, `12 Mar 14:05`; both in ms since the epoch. */
export function timeAgo(at: number, now: number): string {
  const age = now - at;
  if (age < 45_000) return t('time.just_now');
  if (age < 60 * 60_000) return t('time.minutes_ago', { minutes: Math.max(1, Math.round(age / 60_000)) });
  const date = new Date(at);
  const clock = formatTimeOfDay(at);
  if (age < 12 * 60 * 60_000) return t('time.hours_ago', { hours: Math.floor(age / (60 * 60_000)) });
  const day = 24 * 60 * 60_000;
  if (date.toDateString() === new Date(now).toDateString()) return t('time.today', { clock });
  if (date.toDateString() === new Date(now - day).toDateString()) return t('time.yesterday', { clock });
  return `${date.toLocaleDateString(dateLocale(), { day: 'numeric', month: 'short' })} ${clock}`;
}

/** `in 7 s`; at or after the moment: `now`. */
export function timeUntil(at: number, now: number): string {
  return at - now < 500
    ? t('time.now')
    : t('time.in', { duration: formatDuration(Math.ceil((at - now) / 1000) * 1000) });
}
