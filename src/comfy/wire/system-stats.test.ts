import { describe, expect, it } from 'vitest';
import { decodeSystemStats } from './system-stats.ts';

const cuda = (index: number) => ({
  name: `cuda:${index} RTX 4090`,
  type: 'cuda',
  index,
  vram_total: 24_000,
  vram_free: 20_000,
  torch_vram_total: 0,
  torch_vram_free: 0,
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
    const gpu = { loadPercent: null, vramUsed: 4_000, vramTotal: 24_000, isUsed: true };
    expect(decodeSystemStats(answer, 7)).toMatchObject({
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
      ramFree: 30,
      reading: {
        at: 7,
        cpuPercent: null,
        ramUsed: 70,
        ramTotal: 100,
        disk: null,
        gpus: [
          { ...gpu, name: 'cuda:0 RTX 4090', device: 0 },
          { ...gpu, name: 'cuda:1 RTX 4090', device: 1 },
        ],
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
      reading: { ramUsed: null, ramTotal: null, gpus: [] },
    });
    expect(decodeSystemStats({ system: { ram_total: 'x', argv: 5 }, devices: [7, {}] }, 0)).toMatchObject({
      argv: [],
      devices: [{ name: 'unknown device', type: 'unknown', index: null, vramTotal: null }],
      reading: { ramTotal: null },
    });
  });

  describe('counts VRAM as the driver does', () => {
    const only = (device: object) =>
      decodeSystemStats({ system: {}, devices: [{ name: 'a GPU', index: 0, ...device }] }, 0)?.reading
        .gpus[0];

    it('what PyTorch holds without using it is used', () => {
      const memory = {
        vram_total: 24_000,
        vram_free: 20_000,
        torch_vram_total: 9_000,
        torch_vram_free: 6_000,
      };
      expect(only({ type: 'cuda', ...memory })).toMatchObject({ vramUsed: 10_000, vramReserved: 9_000 });
      expect(only({ type: 'cuda', ...memory, torch_vram_free: 99_000 })?.vramUsed).toBe(13_000);
    });

    it('of Apple’s GPUs it is not known: what stands there is the RAM', () => {
      const memory = { vram_total: 64, vram_free: 40, torch_vram_total: 64, torch_vram_free: 40 };
      const gpu = { vramUsed: null, vramTotal: 64, vramReserved: null, isIntegrated: true, name: null };
      expect(only({ type: 'mps', name: 'mps', ...memory })).toMatchObject(gpu);
    });

    it('of Intel’s GPUs ComfyUI knows its own, which is said', () => {
      const memory = {
        vram_total: 16_000,
        vram_free: 15_000,
        torch_vram_total: 3_000,
        torch_vram_free: 2_000,
      };
      const gpu = { vramUsed: 3_000, vramTotal: 16_000, vramCounts: 'pytorch' };
      expect(only({ type: 'xpu', name: 'xpu:0 Arc A770', ...memory })).toMatchObject(gpu);
    });

    it('with DirectML it is not known: what stands there is always the same', () => {
      const memory = { vram_total: 2 ** 30, vram_free: 2 ** 30 };
      const gpu = only({ type: 'privateuseone', ...memory });
      expect(gpu).toMatchObject({ vramUsed: null, vramTotal: null });
      expect(gpu?.missing.vramUsed).toMatch(/DirectML/);
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
