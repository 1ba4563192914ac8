import { currentLanguage, t } from '../../language/t.ts';

/** Numbers as people read them in the language spoken, the same in tray, notifications and page. */

/** How a language writes numbers; made once, as it takes long. */
interface NumberWords {
  readonly language: string;
  readonly decimalPoint: string;
  readonly whole: Intl.NumberFormat;
}

let numberWords: NumberWords | null = null;

function wordsOfNumbers(): NumberWords {
  const language = currentLanguage();
  if (numberWords?.language === language) return numberWords;
  const decimal = new Intl.NumberFormat(language).formatToParts(0.5).find(({ type }) => type === 'decimal');
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  numberWords = { language, decimalPoint: decimal?.value ?? '.', whole };
  return numberWords;
}

/** A number below a thousand with so many decimals: `7.4`, in German `7,4`. */
export function formatDecimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return digits > 0 ? text.replace('.', wordsOfNumbers().decimalPoint) : text;
}

/** A whole number of any size: `12,345`, in German `12.345`. */
export function formatWhole(value: number): string {
  return value > -1000 && value < 1000 ? value.toFixed(0) : wordsOfNumbers().whole.format(value);
}

/** `4 s`, `1 min 05 s`, `2 h 03 min`; ms in. Below one second: `0.4 s`, `< 0.1 s`. */
export function formatDuration(ms: number): string {
  if (ms < 50) return t('time.under_a_tenth');
  if (ms < 950) return t('time.seconds', { seconds: formatDecimal(Math.max(0, ms) / 1000, 1) });
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return t('time.seconds', { seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('time.minutes_seconds', { minutes, seconds: pad(seconds % 60) });
  return t('time.hours_minutes', { hours: Math.floor(minutes / 60), minutes: pad(minutes % 60) });
}

/**
 * A duration (ms) as precise as an estimate can be: whole seconds below a minute, tens of seconds below
 * five minutes, whole minutes below an hour; `round` says which way. Never less than `1 s`.
 */
export function formatRoughly(ms: number, round: (value: number) => number = Math.round): string {
  const unit = ms < 60_000 ? 1_000 : ms < 5 * 60_000 ? 10_000 : 60_000;
  const rounded = Math.max(1_000, round(ms / unit) * unit);
  return rounded >= 60_000 && rounded < 60 * 60_000 && rounded % 60_000 === 0
    ? t('time.minutes', { minutes: rounded / 60_000 })
    : formatDuration(rounded);
}

/** Units of memory: GiB (1024³ bytes) or GB (1000³ bytes). */
export type ByteUnits = 'binary' | 'decimal';

const byteUnits = {
  binary: { base: 1024, names: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] },
  decimal: { base: 1000, names: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] },
} as const;

/** Bytes with one decimal below 100: `7.4 GiB`, `128 GiB`, `512 MiB`; decimal: `7.9 GB`. */
export function formatBytes(bytes: number, units: ByteUnits = 'binary'): string {
  const { base, names } = byteUnits[units];
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be rounded to four digits.
  while (value >= 999.5 && unit < names.length - 1) {
    value /= base;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${formatDecimal(value, digits)} ${names[unit]}`;
}

/** A part of a whole, the unit said once where it is the same: `19.7 of 24.0 GiB`, `512 MiB of 24.0 GiB`. */
export function formatBytesOf(part: number, whole: number, units: ByteUnits = 'binary'): string {
  const [amount, unit] = formatBytes(part, units).split(' ');
  const all = formatBytes(whole, units);
  return t('time.bytes_of', {
    part: all.endsWith(` ${unit}`) ? `${amount}` : `${amount} ${unit}`,
    whole: all,
  });
}

/** A fraction 0–1 as a whole percentage: `42%`. Only a full one is called 100%. */
export function formatFraction(fraction: number): string {
  const percent = Math.round(fraction * 100);
  return t('time.percent', { percent: percent === 100 && fraction < 1 ? 99 : percent });
}

/** Percent 0–100 as a whole percentage: `42%`. */
export function formatPercent(percent: number): string {
  return t('time.percent', { percent: Math.round(percent) });
}

/** Steps per second as ComfyUI's users say it: `3.2 it/s`, and `2.5 s/it` when slower than one a second. */
export function formatRate(stepsPerSecond: number): string {
  return stepsPerSecond >= 1
    ? t('time.steps_per_second', { rate: formatDecimal(stepsPerSecond, stepsPerSecond >= 10 ? 0 : 1) })
    : t('time.seconds_per_step', { rate: formatDecimal(1 / stepsPerSecond, 1) });
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** A time of day where the user is: `17:30`; ms since the epoch in. */
export function formatTimeOfDay(at: number): string {
  return clockOf(false).format(at);
}

/** A time of day where the user is, to the second: `17:30:05`; ms since the epoch in. */
export function formatMoment(at: number): string {
  return clockOf(true).format(at);
}

const laterMoment = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const;

/** A day and a time of it where the user is, to the second: `31 Jan 2026, 17:30:05`; ms since the epoch in. */
export function formatDate(at: number): string {
  return new Intl.DateTimeFormat(dateLocale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

function clockOf(hasSeconds: boolean): Intl.DateTimeFormat {
  const key = `${currentLanguage()} ${hasSeconds}`;
  const known = clocks.get(key);
  if (known) return known;
  const clock = new Intl.DateTimeFormat(dateLocale(), {
    hour: '2-digit',
    minute: '2-digit',
    ...(hasSeconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  });
  clocks.set(key, clock);
  return clock;
}

/** A moment to come where the user is: `17:30`, `tomorrow, 08:00`, `Mon, 30 Nov, 08:00`; ms since the epoch in. */
export function formatSoon(at: number, now: number): string {
  const time = formatTimeOfDay(at);
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  const day = new Date(at).toDateString();
  if (day === new Date(now).toDateString()) return time;
  return day === tomorrow.toDateString()
    ? t('time.tomorrow', { time })
    : new Intl.DateTimeFormat(dateLocale(), laterMoment).format(at);
}

/** How dates are written: British in English, with the day before the month and 24 hours. */
export function dateLocale(): string {
  const language = currentLanguage();
  return language === 'en' ? 'en-GB' : language;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
