/**
 * Numbers as people read them, the same in tray, notifications and page. English, because the whole
 * user interface is.
 */

/** `4 s`, `1 min 05 s`, `2 h 03 min`; ms in. Below one second: `0.4 s`, `< 0.1 s`. */
export function formatDuration(ms: number): string {
  if (ms < 50) return '< 0.1 s';
  if (ms < 950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/**
 * A duration (ms) as precise as an estimate can be: whole seconds below a minute, tens of seconds below
 * five minutes, whole minutes below an hour; `round` says which way. Never less than `1 s`.
 */
export function formatRoughly(ms: number, round: (value: number) => number = Math.round): string {
  const unit = ms < 60_000 ? 1_000 : ms < 5 * 60_000 ? 10_000 : 60_000;
  const rounded = Math.max(1_000, round(ms / unit) * unit);
  if (rounded < 60_000 || rounded >= 60 * 60_000) return formatDuration(rounded);
  return formatDuration(rounded).replace(' 00 s', '');
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
  return `${value.toFixed(digits)} ${names[unit]}`;
}

/** A part of a whole, the unit said once where it is the same: `19.7 of 24.0 GiB`, `512 MiB of 24.0 GiB`. */
export function formatBytesOf(part: number, whole: number, units: ByteUnits = 'binary'): string {
  const [amount, unit] = formatBytes(part, units).split(' ');
  const all = formatBytes(whole, units);
  return all.endsWith(` ${unit}`) ? `${amount} of ${all}` : `${amount} ${unit} of ${all}`;
}

/** A fraction 0–1 as a whole percentage: `42%`. Only a full one is called 100%. */
export function formatFraction(fraction: number): string {
  const percent = Math.round(fraction * 100);
  return `${percent === 100 && fraction < 1 ? 99 : percent}%`;
}

/** Percent 0–100 as a whole percentage: `42%`. */
export function formatPercent(percent: number): string {
  return `${Math.round(percent)}%`;
}

/** Steps per second as ComfyUI's users say it: `3.2 it/s`, and `2.5 s/it` when slower than one a second. */
export function formatRate(stepsPerSecond: number): string {
  return stepsPerSecond >= 1
    ? `${stepsPerSecond.toFixed(stepsPerSecond >= 10 ? 0 : 1)} it/s`
    : `${(1 / stepsPerSecond).toFixed(1)} s/it`;
}

/** A time of day within the next day where the user is: `17:30`, `tomorrow, 08:00`; ms since the epoch in. */
export function formatSoon(at: number, now: number): string {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(at);
  return new Date(at).getDate() === new Date(now).getDate() ? time : `tomorrow, ${time}`;
}

/** `1 image`, `3 images`. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
