import { formatDuration } from '../../domain/text/format.ts';
import { useNow, wallTimeOf } from './clock.ts';

/** When something was, as people say it; renders again only when the words can change. */
export function TimeAgo({ at }: { at: number }) {
  const now = useNow(10_000);
  const date = new Date(wallTimeOf(at));
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString('en-GB')}>
      {timeAgo(date.getTime(), wallTimeOf(now))}
    </time>
  );
}

/** `just now`, `5 min ago`, `3 h ago`, `yesterday 14:05`, `12 Mar 14:05`; both in ms since the epoch. */
export function timeAgo(at: number, now: number): string {
  const age = now - at;
  if (age < 45_000) return 'just now';
  if (age < 60 * 60_000) return `${Math.max(1, Math.round(age / 60_000))} min ago`;
  const date = new Date(at);
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (age < 12 * 60 * 60_000) return `${Math.floor(age / (60 * 60_000))} h ago`;
  const day = 24 * 60 * 60_000;
  if (date.toDateString() === new Date(now).toDateString()) return `today ${clock}`;
  if (date.toDateString() === new Date(now - day).toDateString()) return `yesterday ${clock}`;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`;
}

/** `in 7 s`; at or after the moment: `now`. */
export function timeUntil(at: number, now: number): string {
  return at - now < 500 ? 'now' : `in ${formatDuration(Math.ceil((at - now) / 1000) * 1000)}`;
}
