import { describe, expect, it } from 'vitest';
import { machines } from './graphics-cards.ts';
import type { MachineLoad } from './machine-load.ts';
import { isJsonArray, isJsonObject, type JsonObject } from './protocol/json.ts';
import { crystoolsMonitor } from './protocol/telemetry-messages.ts';
import { Random } from './random.ts';
import { TelemetryModel } from './telemetry-model.ts';

const gib = 1024 ** 3;
const idle: MachineLoad = { activity: 'idle', gpu: 0, residentBytes: [0, 0] };
const sampling: MachineLoad = { activity: 'sampling', gpu: 0, residentBytes: [6 * gib, 0] };

function modelOf(gpus: number, seed = 1): TelemetryModel {
  return new TelemetryModel(new Random(seed), { cards: machines.workshop.slice(0, gpus) });
}

function run(model: TelemetryModel, seconds: number, load: MachineLoad): JsonObject {
  for (let second = 0; second < seconds; second += 1) model.step(1_000, load);
  return crystoolsMonitor(model.figures());
}

function gpu(sample: JsonObject, index = 0): Record<string, number> {
  const { gpus } = sample;
  const entry = isJsonArray(gpus) ? gpus[index] : undefined;
  return isJsonObject(entry)
    ? Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, Number(value)]))
    : {};
}

describe('telemetry', () => {
  it('has the fields of Crystools', () => {
    const sample = crystoolsMonitor(modelOf(1).figures());
    expect(Object.keys(sample)).toEqual([
      'cpu_utilization',
      'ram_total',
      'ram_used',
      'ram_used_percent',
      'hdd_total',
      'hdd_used',
      'hdd_used_percent',
      'device_type',
      'gpus',
    ]);
    expect(Object.keys(gpu(sample))).toEqual([
      'gpu_utilization',
      'gpu_temperature',
      'vram_total',
      'vram_used',
      'vram_used_percent',
    ]);
  });

  it('follows the work: load at once, memory with the model, heat slowly', () => {
    const model = modelOf(1, 1);
    const before = gpu(run(model, 30, idle));
    const soon = gpu(run(model, 3, sampling));
    const later = gpu(run(model, 60, sampling));
    const after = gpu(run(model, 5, idle));
    expect(before.gpu_utilization).toBeLessThan(6);
    expect(soon.gpu_utilization).toBeGreaterThan(90);
    expect((soon.vram_used ?? 0) - (before.vram_used ?? 0)).toBeGreaterThan(6 * gib);
    expect(later.gpu_temperature).toBeGreaterThan((soon.gpu_temperature ?? 0) + 15);
    expect(after.gpu_utilization).toBeLessThan(6);
    expect(after.gpu_temperature).toBeGreaterThan((before.gpu_temperature ?? 0) + 20);
  });

  it('keeps percents between 0 and 100 and fits them to the bytes', () => {
    const model = modelOf(4, 3);
    for (let second = 0; second < 300; second += 1) {
      const sample = run(model, 1, second % 40 < 20 ? sampling : idle);
      for (let index = 0; index < 4; index += 1) {
        const {
          gpu_utilization: load = -1,
          vram_used: used = -1,
          vram_total: total = 0,
          vram_used_percent: percent,
        } = gpu(sample, index);
        expect(load).toBeGreaterThanOrEqual(0);
        expect(load).toBeLessThanOrEqual(100);
        expect(used).toBeLessThanOrEqual(total);
        expect(percent).toBeCloseTo((used / total) * 100, 6);
      }
    }
  });

  it('loads only the GPU that works', () => {
    const model = modelOf(2, 1);
    const sample = run(model, 10, { ...sampling, gpu: 1, residentBytes: [0, 6 * gib] });
    expect(gpu(sample, 0).gpu_utilization).toBeLessThan(6);
    expect(gpu(sample, 1).gpu_utilization).toBeGreaterThan(90);
  });
});
