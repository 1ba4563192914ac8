import { expect, it } from 'vitest';
import { event, machineWith, sample, serverAfter } from '../testing/builders.ts';
import { gpuGlances } from './gpu-glance.ts';

const gpu = { loadPercent: 80.4, temperatureC: 71, vramUsed: 2, vramTotal: 8, powerWatts: null };
const full = { loadPercent: 4, temperatureC: 50, vramUsed: 7, vramTotal: 8, powerWatts: null };
const measured = (machine: ReturnType<typeof machineWith>, ...gpus: (typeof gpu)[]) =>
  serverAfter(event(1, 'telemetry_sampled', { machine, sample: { ...sample(1), gpus } }));

it('each GPU keeps its own figures, and the worst of them are marked', () => {
  expect(gpuGlances(measured(machineWith({ name: 'NVIDIA GeForce RTX 4090' }, {}), gpu, full), 2)).toEqual([
    {
      place: 0,
      title: 'GPU 0',
      model: 'RTX 4090',
      loadPercent: 80,
      vramPercent: 25,
      temperatureC: 71,
      worst: { load: true, vram: false, temperature: true },
    },
    {
      place: 1,
      title: 'GPU 1',
      model: null,
      loadPercent: 4,
      vramPercent: 88,
      temperatureC: 50,
      worst: { load: false, vram: true, temperature: false },
    },
  ]);
});

it('the only GPU is not the worst of anything', () => {
  const [only] = gpuGlances(measured(machineWith({}), gpu), 2);
  expect(only).toMatchObject({ title: 'GPU', worst: { load: false, vram: false, temperature: false } });
});

it('figures that are not current are not shown', () => {
  expect(gpuGlances(measured(machineWith({}), gpu), 60_000)).toMatchObject([
    { loadPercent: null, vramPercent: null, temperatureC: null },
  ]);
});

it('a GPU that ComfyUI does not compute on is left out', () => {
  expect(gpuGlances(measured(machineWith({ isUsed: true }, { isUsed: false }), gpu, full), 2)).toHaveLength(
    1,
  );
});
