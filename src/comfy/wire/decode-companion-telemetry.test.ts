import { describe, expect, it } from 'vitest';
import { gpuFigures } from '../../domain/telemetry/machine-reading.ts';
import { decoded } from '../testing/decoding.ts';

const gpu = {
  uuid: 'GPU-6f2c',
  pci: '0000:01:00.0',
  name: 'NVIDIA GeForce RTX 4090',
  integrated: false,
  device: 0,
  used: true,
  load_percent: 97,
  temperature: 71,
  temperature_limit: 90,
  vram_used: 21,
  vram_total: 24,
  vram_own: 19,
  vram_reserved: 18,
  shared_used: 1,
  power: 412.3,
  power_limit: 450,
  fan_percent: 60,
  core_clock: 2_700,
  memory_clock: 10_501,
  throttled_by: ['power_limit'],
  missing: {},
};

const message = {
  cpu_percent: 12.5,
  ram: { used: 21, total: 64 },
  swap: { used: 1, total: 8 },
  disk: { path: '/srv/output', used: 500, total: 1_000, free: 450 },
  gpus: [gpu],
};

function reading(data: object) {
  const { event, misunderstood } = decoded('comfy_monitor.telemetry', data);
  return { reading: event?.type === 'machine_measured' ? event.reading : null, misunderstood };
}

describe('telemetry of the companion', () => {
  it('has every figure that it sends', () => {
    const { reading: machine, misunderstood } = reading(message);
    expect(misunderstood).toBeNull();
    expect(machine).toMatchObject({
      cpuPercent: 12.5,
      ramUsed: 21,
      ramTotal: 64,
      swapUsed: 1,
      swapTotal: 8,
      disk: { path: '/srv/output', used: 500, total: 1_000, free: 450, holdsOutputs: true },
    });
    const [first] = machine?.gpus ?? [];
    expect(first).toMatchObject({ uuid: 'GPU-6f2c', pciAddress: '0000:01:00.0', device: 0, isUsed: true });
    expect(first).toMatchObject({ throttledBy: ['power_limit'], powerWatts: 412.3, vramOwn: 19 });
    for (const figure of gpuFigures) expect(first?.[figure], figure).not.toBeNull();
  });

  it.each([[-1], [null], ['N/A'], [{}], [[]], [true], [1e300], [undefined]])(
    'takes %j for not measured, never for zero',
    (value) => {
      const broken = Object.fromEntries(Object.keys(gpu).map((field) => [field, value]));
      const all = { cpu_percent: value, ram: { used: value, total: 64 }, swap: value, disk: value };
      const { reading: machine } = reading({ ...all, gpus: [broken, gpu] });
      expect(machine).toMatchObject({ cpuPercent: null, ramUsed: null, swapUsed: null, disk: null });
      for (const figure of gpuFigures) expect(machine?.gpus[0]?.[figure], figure).toBeNull();
      expect(machine?.gpus[1]?.loadPercent, 'the other one').toBe(97);
    },
  );

  it('counts what ComfyUI holds of Apple’s memory, and says that it is only that', () => {
    const apple = { ...gpu, integrated: true, vram_used: null };
    const { reading: machine } = reading({ gpus: [apple, { ...apple, integrated: false }] });
    expect(machine?.gpus).toMatchObject([
      { vramUsed: 19, vramCounts: 'pytorch' },
      { vramUsed: null, vramCounts: 'all' },
    ]);
  });

  it('says why a figure is missing', () => {
    const missing = {
      fan_percent: 'no fan',
      throttled_by: 'old driver',
      all: 'asleep',
      nonsense: 'x',
      power: 7,
    };
    const { reading: machine } = reading({ gpus: [{ ...gpu, fan_percent: null, missing }] });
    expect(machine?.gpus[0]?.missing).toEqual({
      fanPercent: 'no fan',
      throttledBy: 'old driver',
      all: 'asleep',
    });
  });

  it('leaves an entry out that is no GPU, and says so', () => {
    const { reading: machine, misunderstood } = reading({ gpus: [gpu, 'broken', gpu] });
    expect(machine?.gpus).toHaveLength(2);
    expect(misunderstood?.kind).toBe('comfy_monitor.telemetry');
  });

  it('is bounded, whatever comes', () => {
    const long = 'x'.repeat(100_000);
    const { reading: machine } = reading({ gpus: Array(1_000).fill({ ...gpu, name: long, uuid: long }) });
    expect(machine?.gpus.length).toBeLessThanOrEqual(64);
    expect(JSON.stringify(machine?.gpus[0]).length).toBeLessThan(2_000);
  });
});
