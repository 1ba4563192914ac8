import { describe, expect, it } from 'vitest';
import { sample } from '../testing/builders.ts';
import { unknownMachine } from './machine-state.ts';
import { appendSample, currentSample, emptySeries, recentSpan } from './telemetry.ts';

const second = 1_000;
const hour = 3_600 * second;

/** A series fed with one sample a second; its load says how many minutes have passed. */
function watch(seconds: number, step = 1) {
  let series = emptySeries;
  for (let n = 0; n < seconds; n += step)
    series = appendSample(series, sample(n * second, Math.floor(n / 60)), unknownMachine);
  return series;
}

describe('telemetry memory', () => {
  it('keeps every second of the last 15 minutes', () => {
    const series = watch(3_600);
    const last = series.recent.at(-1)?.at ?? 0;
    const inWindow = series.recent.filter((s) => s.at > last - recentSpan);
    expect(inWindow).toHaveLength(900);
  });

  it('keeps one true mean for each older minute', () => {
    const series = watch(3_600);
    const minutes = series.older.map((s) => s.gpus[0]?.loadPercent);
    expect(minutes).toEqual(minutes.map((_, n) => n));
    expect(minutes.length).toBeGreaterThanOrEqual(43);
  });

  it('has the size of a day after three days', () => {
    const series = watch(3 * 24 * 3_600, 5);
    expect(series.older.length).toBeLessThanOrEqual(24 * 60);
    expect(series.recent.length).toBeLessThanOrEqual(1_000);
    const oldest = series.older[0]?.at ?? 0;
    expect((series.recent.at(-1)?.at ?? 0) - oldest).toBeLessThanOrEqual(24 * hour + 60 * second);
  });

  it('is bounded when a server sends a hundred samples a second', () => {
    const series = watch(100, 0.01);
    expect(series.recent.length).toBeLessThanOrEqual(1_800);
  });

  it('takes no more room for 32 GPUs than for eight', () => {
    const size = (gpus: number) => {
      let series = emptySeries;
      for (let n = 0; n < 26 * 3_600; n += 1) {
        const one = sample(n * second, 50);
        series = appendSample(series, { ...one, gpus: Array(gpus).fill(one.gpus[0]) }, unknownMachine);
      }
      return (series.recent.length + series.older.length) * gpus;
    };
    const eight = size(8);
    expect(eight).toBeGreaterThan(8 * 24 * 60);
    expect(size(32)).toBeLessThan(1.1 * eight);
  });

  it('keeps the lowest and the highest of each older minute beside its mean', () => {
    let series = emptySeries;
    for (let n = 0; n < 3_600; n += 1)
      series = appendSample(series, sample(n * second, n % 60 === 7 ? 100 : 20), unknownMachine);
    const minute = series.older[1];
    expect(minute?.gpus[0]?.loadPercent).toBe(21.3);
    expect(minute?.ranges.gpus[0]?.loadPercent).toEqual([20, 100]);
  });

  it('keeps no extremes of what stood still or was not measured', () => {
    const { older } = watch(3_600);
    expect(older[1]?.ranges.gpus[0]).toEqual({ loadPercent: null, vramUsed: null });
  });

  it('averages only what was measured, and nothing stays nothing', () => {
    let series = emptySeries;
    for (let n = 0; n < 3_600; n += 1)
      series = appendSample(series, sample(n * second, n % 2 === 0 ? 80 : null), unknownMachine);
    expect(series.older[0]?.gpus[0]).toMatchObject({ loadPercent: 80, temperatureC: null });
  });

  it('does not call an old value the current one', () => {
    const series = appendSample(emptySeries, sample(1_000, 50), unknownMachine);
    expect(currentSample(series, 5_000)?.gpus[0]?.loadPercent).toBe(50);
    expect(currentSample(series, 7_000)).toBeNull();
  });

  it('ignores a sample from the past', () => {
    const series = appendSample(emptySeries, sample(1_000, 50), unknownMachine);
    expect(appendSample(series, sample(1_000, 60), unknownMachine)).toBe(series);
  });
});

describe('the clock of this computer', () => {
  it('may be set back: the charts go on from there', () => {
    let series = watch(600);
    for (let n = 0; n < 10; n += 1)
      series = appendSample(series, sample(100 * second + n * second), unknownMachine);
    expect(series.recent.at(-1)?.at).toBe(109 * second);
    const times = [...series.older, ...series.recent].map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('is not set back by a sample that comes a little late', () => {
    const series = watch(600);
    expect(appendSample(series, sample(597 * second), unknownMachine)).toBe(series);
  });
});
