import { describe, expect, it } from 'vitest';
import { decodeSystemStats } from './system-stats.ts';

const cuda = (index: number) => ({
  name: `cuda:${index} RTX 4090`,
  type: 'cuda',
  index,
  vram_total: 24_000,
  vram_free: 20_000,
  torch_vram_total: 1,
  torch_vram_free: 1,
});

describe('/system_stats', () => {
  it('tells what the server is, and what can be charted without Crystools', () => {
    const answer = {
      system: {
        os: 'posix',
        ram_total: 100,
        ram_free: 30,
        comfyui_version: '0.27.0',
        python_version: '3.12',
        pytorch_version: '2.9',
        argv: ['main.py', '--listen'],
      },
      devices: [cuda(0), cuda(1)],
    };
    const gpu = { loadPercent: null, temperatureC: null, vramUsed: 4_000, vramTotal: 24_000 };
    expect(decodeSystemStats(answer, 7)).toEqual({
      comfyVersion: '0.27.0',
      os: 'posix',
      pythonVersion: '3.12',
      pytorchVersion: '2.9',
      argv: ['main.py', '--listen'],
      devices: [0, 1].map((index) => ({
        name: `cuda:${index} RTX 4090`,
        type: 'cuda',
        index,
        vramTotal: 24_000,
      })),
      sample: {
        at: 7,
        cpuPercent: null,
        ramUsed: 70,
        ramTotal: 100,
        diskUsed: null,
        diskTotal: null,
        gpus: [gpu, gpu],
      },
    });
  });

  it('of a server on the CPU has a device, but no GPU', () => {
    const stats = decodeSystemStats(
      { system: {}, devices: [{ name: 'cpu', type: 'cpu', vram_total: 5 }] },
      0,
    );
    expect(stats?.devices).toHaveLength(1);
    expect(stats?.reading.gpus).toEqual([]);
  });

  it('may say little, and nothing is made up for it', () => {
    expect(decodeSystemStats({ system: {} }, 0)).toMatchObject({
      comfyVersion: null,
      argv: [],
      devices: [],
      sample: { ramUsed: null, ramTotal: null, gpus: [] },
    });
    expect(decodeSystemStats({ system: { ram_total: 'x', argv: 5 }, devices: [7, {}] }, 0)).toMatchObject({
      argv: [],
      devices: [{ name: 'unknown device', type: 'unknown', index: null, vramTotal: null }],
      sample: { ramTotal: null },
    });
  });

  it('never shows less than nothing in use', () => {
    const stats = decodeSystemStats({ system: { ram_total: 10, ram_free: 12 }, devices: [] }, 0);
    expect(stats?.reading.ramUsed).toBe(0);
  });

  it('is an object with a system; anything else is none', () => {
    for (const answer of [null, [], {}, { system: 'x' }, { devices: [] }])
      expect(decodeSystemStats(answer, 0)).toBeNull();
  });
});
