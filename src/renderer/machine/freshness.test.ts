import { expect, it } from 'vitest';
import { emptySeries } from '../../domain/telemetry/telemetry.ts';
import { sample } from '../../domain/testing/builders.ts';
import { freshness } from './freshness.ts';

const second = 1_000;
const every = (step: number) =>
  Array.from({ length: 10 }, (_, index) => sample((index - 9) * step, 42 + index));

it('knows nothing before the first sample', () => {
  expect(freshness(emptySeries, 0)).toEqual({ last: null, silentFor: null });
});

it('calls the newest sample current for five seconds, then says how old it is', () => {
  const series = { ...emptySeries, recent: every(second) };
  expect(freshness(series, 5 * second)).toEqual({ last: sample(0, 51), silentFor: null });
  expect(freshness(series, 6 * second)).toEqual({ last: sample(0, 51), silentFor: 6 * second });
});

it('is more patient with a slow sender', () => {
  const series = { ...emptySeries, recent: every(10 * second) };
  expect(freshness(series, 20 * second).silentFor).toBeNull();
  expect(freshness(series, 26 * second).silentFor).toBe(26 * second);
});
