import { describe, expect, it } from 'vitest';
import { decoded } from '../testing/decoding.ts';

const gpu = (more = {}) => ({
  gpu_utilization: 21,
  gpu_temperature: 48,
  vram_total: 24_000,
  vram_used: 2_000,
  vram_used_percent: 8.3,
  ...more,
});

function telemetry(data: object) {
  const { event, misunderstood } = decoded('crystools.monitor', {
    cpu_utilization: 5,
    ram_total: 100,
    ram_used: 40,
    hdd_total: 1_000,
    hdd_used: 600,
    device_type: 'cuda',
    gpus: [gpu()],
    ...data,
  });
  return { sample: event?.type === 'machine_measured' ? event.reading : null, misunderstood };
}

const unmeasured = { loadPercent: null, temperatureC: null, vramUsed: null, vramTotal: null };

describe('telemetry of Crystools', () => {
  it.each([[-1], [null], ['N/A'], [''], [undefined], [[]], [true]])(
    'takes %j for not measured, never for zero',
    (value) => {
      const { sample, misunderstood } = telemetry({
        cpu_utilization: value,
        ram_used: value,
        hdd_total: value,
        gpus: [gpu({ gpu_utilization: value, gpu_temperature: value, vram_used: value, vram_total: value })],
      });
      expect(sample).toMatchObject({ cpuPercent: null, ramUsed: null, disk: null, gpus: [unmeasured] });
      expect(sample?.ramTotal).toBe(100);
      expect(misunderstood).toBeNull();
    },
  );

  it('takes zero for zero, and numbers in strings for numbers, as Jetson boards send them', () => {
    const { sample } = telemetry({
      cpu_utilization: 0,
      gpus: [gpu({ gpu_utilization: '37.5', gpu_temperature: '51' })],
    });
    expect(sample).toMatchObject({ cpuPercent: 0, gpus: [{ loadPercent: 37.5, temperatureC: 51 }] });
  });

  it('of a server without a GPU has none, or one of which nothing is known', () => {
    expect(telemetry({ gpus: [] })).toMatchObject({ sample: { gpus: [] }, misunderstood: null });
    expect(telemetry({ gpus: null })).toMatchObject({ sample: { gpus: [] }, misunderstood: null });
    const none = gpu({ gpu_utilization: -1, gpu_temperature: -1, vram_total: -1, vram_used: -1 });
    expect(telemetry({ device_type: 'cpu', gpus: [none] })).toMatchObject({ sample: { gpus: [unmeasured] } });
  });

  it('keeps every GPU in its place when one of them cannot be understood', () => {
    const { sample, misunderstood } = telemetry({
      gpus: [gpu({ gpu_utilization: 1 }), 'broken', gpu({ gpu_utilization: 3 })],
    });
    expect(sample?.gpus.map((gpu) => gpu.loadPercent)).toEqual([1, null, 3]);
    expect(sample?.cpuPercent).toBe(5);
    expect(misunderstood?.kind).toBe('crystools.monitor');
  });

  it('keeps the rest when the list of GPUs is none', () => {
    const { sample, misunderstood } = telemetry({ gpus: { 0: gpu() } });
    expect(sample).toMatchObject({ cpuPercent: 5, gpus: [] });
    expect(misunderstood?.kind).toBe('crystools.monitor');
  });

  it('shows no more GPUs than a machine can hold', () => {
    expect(telemetry({ gpus: Array(10_000).fill(gpu()) }).sample?.gpus).toHaveLength(64);
  });

  it('is not understood without anything to show', () => {
    expect(decoded('crystools.monitor', { hello: 1 })).toMatchObject({
      event: null,
      misunderstood: { kind: 'crystools.monitor' },
    });
  });
});
