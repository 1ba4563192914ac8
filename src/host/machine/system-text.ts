/** Times that all processors spent since the start, in units of the system. */
export interface CpuTimes {
  total: number;
  idle: number;
}

/** The first line of Linux' `/proc/stat`: `cpu  user nice system idle iowait irq softirq steal guest guest_nice`. */
export function readProcStat(text: string): CpuTimes | null {
  const [, list] = /^cpu +([\d ]{7,250})/.exec(text) ?? [];
  // Times of guests are part of user and nice.
  const times = list?.trim().split(/ +/).slice(0, 8).map(Number) ?? [];
  if (times.length < 4 || !times.every(Number.isFinite)) return null;
  return {
    total: times.reduce((sum, time) => sum + time, 0),
    idle: (times[3] ?? 0) + (times[4] ?? 0),
  };
}

/** Percent of the time between two moments that was not idle; null if no time went by. */
export function cpuPercentBetween(before: CpuTimes, after: CpuTimes): number | null {
  const total = after.total - before.total;
  if (total <= 0) return null;
  // Waiting for disks can go back.
  return Math.min(100, Math.max(0, (1 - (after.idle - before.idle) / total) * 100));
}

/** Bytes by name from Linux' `/proc/meminfo`. */
export function readMeminfo(text: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [, name = '', size] of text.slice(0, 10_000).matchAll(/^(\w{1,40}): +(\d{1,15}) kB$/gm))
    sizes.set(name, Number(size) * 1_024);
  return sizes;
}

/**
 * Memory that macOS can give at once, bytes, from `vm_stat`: free pages, those read ahead, and those that nobody used
 * for a while. `os.freemem()` counts only the first, which are always few.
 */
export function readVmStat(text: string): number | null {
  const [, page] = /page size of (\d{4,6}) bytes/.exec(text) ?? [];
  const pages = (name: string): number | null => {
    const [, count] = new RegExp(`^Pages ${name}: +(\\d{1,15})\\.`, 'm').exec(text) ?? [];
    return count === undefined ? null : Number(count);
  };
  const free = pages('free');
  const inactive = pages('inactive');
  if (page === undefined || free === null || inactive === null) return null;
  return (free + inactive + (pages('speculative') ?? 0)) * Number(page);
}
