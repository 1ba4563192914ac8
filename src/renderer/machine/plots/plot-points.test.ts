import { expect, it } from 'vitest';
import { unknownMachine } from '../../../domain/telemetry/machine-state.ts';
import {
  emptySeries,
  type Range,
  type TelemetryMinute,
  type TelemetrySample,
  type TelemetrySeries,
} from '../../../domain/telemetry/telemetry.ts';
import { sample } from '../../../domain/testing/builders.ts';
import { type Lines, longestSilence, type PlotPoint, plotPoints } from './plot-points.ts';

const second = 1_000;
const minute = 60 * second;

function seriesOf(recent: TelemetrySample[], older: TelemetryMinute[] = []): TelemetrySeries {
  return { ...emptySeries, machine: unknownMachine, recent, older };
}

/** Samples `step` apart from `since` until just before `until`. */
function steady(since: number, until: number, step = second, load: number | null = 50): TelemetrySample[] {
  return Array.from({ length: Math.ceil((until - since) / step) }, (_, i) => sample(since + i * step, load));
}

/** A minute whose load was from the one to the other. */
function minuteOf(one: TelemetrySample, loadPercent: Range = null): TelemetryMinute {
  return { ...one, ranges: { ramUsed: null, gpus: [{ loadPercent, vramUsed: null }] } };
}

const load: Lines = {
  values: ({ gpus }) => gpus.map((gpu) => gpu.loadPercent),
  extremes: ({ gpus, ranges }) => ({
    lows: gpus.map((gpu, n) => ranges.gpus[n]?.loadPercent?.[0] ?? gpu.loadPercent),
    highs: gpus.map((gpu, n) => ranges.gpus[n]?.loadPercent?.[1] ?? gpu.loadPercent),
  }),
};
const isBreak = (point: PlotPoint) => point.values.every((value) => value === null);

it('draws every sample of a short stretch as it came', () => {
  const points = plotPoints(seriesOf(steady(0, 10 * second)), { since: 0, until: 10 * second }, load);
  expect(points.map((point) => point.at)).toEqual(steady(0, 10 * second).map(({ at }) => at));
  expect(points.every((point) => point.values[0] === 50)).toBe(true);
});

it('breaks the line where nothing came for a while, instead of bridging it', () => {
  const samples = [...steady(0, 20 * second), ...steady(60 * second, 80 * second)];
  const points = plotPoints(seriesOf(samples), { since: 0, until: 80 * second }, load);
  expect(points.filter(isBreak).map((point) => point.at)).toEqual([60 * second - 1]);
});

it('does not break the line for a sender that is slow by nature', () => {
  const points = plotPoints(
    seriesOf(steady(0, 5 * minute, 10 * second)),
    { since: 0, until: 5 * minute },
    load,
  );
  expect(points.some(isBreak)).toBe(false);
});

it('keeps a value that was not measured apart from zero', () => {
  const samples = [sample(0, 0), sample(second, null), sample(2 * second, 0)];
  const points = plotPoints(seriesOf(samples), { since: 0, until: 3 * second }, load);
  expect(points.map((point) => point.values)).toEqual([[0], [null], [0]]);
});

it('thins a long stretch to about 300 points without losing the means', () => {
  const samples = steady(0, 15 * minute).map((one, i) => sample(one.at, i % 2 === 0 ? 20 : 60));
  const points = plotPoints(seriesOf(samples), { since: 0, until: 15 * minute }, load);
  expect(points.length).toBeLessThanOrEqual(301);
  expect(points.length).toBeGreaterThan(200);
  const values = points.flatMap((point) => point.values).filter((value) => value !== null);
  expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(40, 0);
});

it('keeps the lowest and the highest of what it averages', () => {
  const samples = steady(0, 15 * minute).map((one, i) => sample(one.at, i % 10 === 0 ? 100 : 20));
  const points = plotPoints(seriesOf(samples), { since: 0, until: 15 * minute }, load);
  expect(Math.max(...points.map(({ values }) => values[0] ?? 0))).toBeLessThan(100);
  expect(Math.max(...points.map(({ highs }) => highs[0] ?? 0))).toBe(100);
  expect(Math.min(...points.map(({ lows }) => lows[0] ?? 100))).toBe(20);
});

it('knows the extremes of minutes of which the samples are gone', () => {
  const older = [minuteOf(sample(0, 50), [3, 99]), minuteOf(sample(minute, 50))];
  const points = plotPoints(seriesOf([], older), { since: 0, until: 2 * minute }, load);
  expect(points.map(({ lows, highs }) => [lows[0], highs[0]])).toEqual([
    [3, 99],
    [50, 50],
  ]);
});

it('goes on to the edge of a stretch that ended earlier, and not beyond', () => {
  const points = plotPoints(seriesOf(steady(0, 20 * second)), { since: 5_500, until: 8_500 }, load);
  expect(points.map(({ at }) => at)).toEqual([5, 6, 7, 8, 9].map((n) => n * second));
});

it('averages only what was measured', () => {
  const samples = steady(0, 15 * minute).map((one, i) => sample(one.at, i % 2 === 0 ? 30 : null));
  const points = plotPoints(seriesOf(samples), { since: 0, until: 15 * minute }, load);
  expect(new Set(points.flatMap((point) => point.values))).toEqual(new Set([30]));
});

it('joins minute means and recent samples, and still sees gaps between minutes', () => {
  const older = [...steady(0, 10 * minute, minute), ...steady(40 * minute, 45 * minute, minute)].map((one) =>
    minuteOf(one),
  );
  const recent = steady(45 * minute, 46 * minute);
  const points = plotPoints(seriesOf(recent, older), { since: 0, until: 60 * minute }, load);
  expect(points.filter(isBreak).map((point) => point.at)).toEqual([40 * minute - 1]);
});

it('takes one sample before the beginning along, so that the line comes in from the edge', () => {
  const points = plotPoints(seriesOf(steady(0, 20 * second)), { since: 9_500, until: 20 * second }, load);
  expect(points[0]?.at).toBe(9 * second);
});

it('waits 3.5 s for a fast sender and 2.5 intervals for a slow one before it calls it silent', () => {
  expect(longestSilence(seriesOf(steady(0, 10 * second)))).toBe(3_500);
  expect(longestSilence(seriesOf(steady(0, 5 * minute, 10 * second)))).toBe(25_000);
  expect(longestSilence(emptySeries)).toBe(3_500);
});
