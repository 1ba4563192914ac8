import { expect, it } from 'vitest';
import { unknownJob } from '../../domain/jobs/job.ts';
import { energyDetails, energyText } from './energy-text.ts';

it.each([
  [100, '< 0.1 Wh'],
  [360, '0.1 Wh'],
  [44_640, '12.4 Wh'],
  [359_990, '100 Wh'],
  [3_600_000, '1.00 kWh'],
])('gives %i joules as people pay for them', (energyJoules, text) => {
  expect(energyText({ energyJoules })).toBe(text);
});

it('adds the mean power where it is known how long the job took', () => {
  const job = { ...unknownJob('s', 'p', 0), energyJoules: 38_000 };
  expect(energyDetails(job)).toBe('10.6 Wh');
  expect(energyDetails({ ...job, startedAt: 1_000, finishedAt: 101_000 })).toBe('10.6 Wh, 380 W on average');
  expect(energyDetails({ ...job, energyJoules: null })).toBeNull();
});
