import type { NotificationPreferences } from './news-preferences.ts';

/** When people who do not want to be bothered today want to hear of it again. */
const morning = 8;

/** True between two times of day, the first one included. An end before the beginning is on the next day. */
export function isQuiet(hours: NotificationPreferences['quietHours'], minuteOfDay: number): boolean {
  if (hours === null) return false;
  const from = minutesOf(hours.from);
  const until = minutesOf(hours.until);
  return from <= until
    ? minuteOfDay >= from && minuteOfDay < until
    : minuteOfDay >= from || minuteOfDay < until;
}

/** Minutes since midnight where the user is; `now` in ms since the epoch. */
export function minuteOfDay(now: number): number {
  const date = new Date(now);
  return date.getHours() * 60 + date.getMinutes();
}

/** The morning of the next day where the user is, ms since the epoch. */
export function tomorrowMorning(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, morning).getTime();
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
