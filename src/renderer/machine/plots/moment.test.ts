import { expect, it } from 'vitest';
import { unknownMachine } from '../../../domain/telemetry/machine-state.ts';
import type { TelemetryMinute } from '../../../domain/telemetry/telemetry.ts';
import { sample } from '../../../domain/testing/builders.ts';
import { sampleAt } from './moment.ts';

const second = 1_000;
const minute = (at: number): TelemetryMinute => ({ ...sample(at), ranges: { ramUsed: null, gpus: [] } });
const series = {
  machine: unknownMachine,
  older: [minute(60 * second), minute(120 * second), minute(600 * second)],
  recent: [700, 701, 702, 703, 710, 711].map((at) => sample(at * second)),
};

it('is what was measured nearest to a moment', () => {
  const found = (at: number) => sampleAt(series, at * second)?.at;
  expect([60, 85, 95, 701.4, 711].map(found)).toEqual([60, 60, 120, 701, 711].map((at) => at * second));
});

it('is nothing in a gap', () => {
  expect([0, 300, 650, 706, 800].map((at) => sampleAt(series, at * second))).toEqual(Array(5).fill(null));
});
