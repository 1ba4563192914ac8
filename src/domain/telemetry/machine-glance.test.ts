import { expect, it } from 'vitest';
import { machineWith, sample } from '../testing/builders.ts';
import { machineGlance } from './machine-glance.ts';
import { appendSample, emptySeries, type GpuSample } from './telemetry.ts';

const second = 1_000;
const unmeasured: GpuSample = {
  loadPercent: null,
  temperatureC: null,
  vramUsed: null,
  vramTotal: null,
  powerWatts: null,
};

function seriesOf(states: Parameters<typeof machineWith>, gpus: Partial<GpuSample>[]) {
  const measured = gpus.map((gpu) => ({ ...unmeasured, ...gpu }));
  return appendSample(emptySeries, { ...sample(second), gpus: measured }, machineWith(...states));
}

it('tells of the GPU that is worst off, and which one that is', () => {
  const series = seriesOf(
    [{}, {}, {}],
    [
      { loadPercent: 97, vramUsed: 2, vramTotal: 8, temperatureC: 60 },
      { loadPercent: 3, vramUsed: 7, vramTotal: 8, temperatureC: 71 },
      { loadPercent: 50, vramUsed: 0, vramTotal: 8 },
    ],
  );
  expect(machineGlance(series, second)).toEqual({
    load: { value: 97, gpu: 0 },
    vram: { value: 87.5, gpu: 1 },
    temperature: { value: 71, gpu: 1 },
    gpus: 3,
    busy: 2,
  });
});

it('leaves out what ComfyUI does not compute on', () => {
  const series = seriesOf(
    [{ isUsed: false, isIntegrated: true }, { isUsed: true }],
    [{ loadPercent: 99 }, { loadPercent: 12 }],
  );
  expect(machineGlance(series, second)).toMatchObject({ load: { value: 12, gpu: null }, gpus: 1 });
  expect(machineGlance(series, second, true)).toMatchObject({ load: null, gpus: 0 });
});

it('takes the graphics of the processor where there is nothing else', () => {
  const apple = seriesOf([{ isIntegrated: true, name: 'Apple M2' }], [{ loadPercent: 40 }]);
  expect(machineGlance(apple, second).load).toEqual({ value: 40, gpu: null });
});

it('does not count those at work where one of them is not measured, nor tell old figures', () => {
  const series = seriesOf([{}, {}], [{ loadPercent: 80 }, {}]);
  expect(machineGlance(series, second)).toMatchObject({ load: { value: 80, gpu: 0 }, busy: null });
  expect(machineGlance(series, 60 * second)).toMatchObject({ load: null, vram: null, temperature: null });
});

it('keeps the numbers of the others when one has been gone for a while', () => {
  const now = 60 * 60 * second;
  const states = [{}, { goneSince: second }, {}];
  const series = appendSample(
    emptySeries,
    {
      ...sample(now),
      gpus: [{ ...unmeasured, loadPercent: 5 }, unmeasured, { ...unmeasured, loadPercent: 9 }],
    },
    machineWith(...states),
  );
  expect(machineGlance(series, now).load).toEqual({ value: 9, gpu: 2 });
});
