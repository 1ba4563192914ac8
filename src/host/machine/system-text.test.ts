import { describe, expect, it } from 'vitest';
import { cpuPercentBetween, readMeminfo, readProcStat, readVmStat } from './system-text.ts';

describe('what the system says of CPU and memory', () => {
  it('counts waiting for disks as idle, and guests once', () => {
    const before = readProcStat('cpu  1000 0 500 8000 500 0 0 0 900 0\ncpu0 1 2 3 4\n');
    const after = readProcStat('cpu  1060 0 520 8100 520 0 0 0 960 0\n');
    expect(before && after && cpuPercentBetween(before, after)).toBe(40);
  });

  it('is unknown while no time went by, and never less than nothing', () => {
    const times = { total: 1_000, idle: 500 };
    expect(cpuPercentBetween(times, times)).toBeNull();
    expect(cpuPercentBetween(times, { total: 1_010, idle: 520 })).toBe(0);
    expect(cpuPercentBetween(times, { total: 1_010, idle: 490 })).toBe(100);
  });

  it.each(['', 'cpu', 'cpu  1 2', 'cpu  a b c d e f', 'intr 1 2 3 4 5 6'])('is unknown from %j', (text) => {
    expect(readProcStat(text)).toBeNull();
    expect(readMeminfo(text).size).toBe(0);
    expect(readVmStat(text)).toBeNull();
  });

  it('is read from /proc/meminfo in bytes', () => {
    const sizes = readMeminfo(
      'MemTotal:       32768 kB\nMemAvailable:    1024 kB\nHugePages_Total:       0\n',
    );
    expect([...sizes]).toEqual([
      ['MemTotal', 33_554_432],
      ['MemAvailable', 1_048_576],
    ]);
  });
});
