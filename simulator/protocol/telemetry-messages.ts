import type { GpuFigures, MachineFigures } from '../telemetry-model.ts';
import type { JsonObject } from './json.ts';

/**
 * The data of a `crystools.monitor` message (Crystools 1.27, general/hardware.py): of GPUs other than NVIDIA's it lists
 * none.
 */
export function crystoolsMonitor({ cpu, gpus, ...machine }: MachineFigures): JsonObject {
  return {
    cpu_utilization: tenth(cpu),
    ram_total: machine.ramTotal,
    ram_used: machine.ramUsed,
    ram_used_percent: tenth((machine.ramUsed / machine.ramTotal) * 100),
    hdd_total: machine.diskTotal,
    hdd_used: machine.diskUsed,
    hdd_used_percent: tenth((machine.diskUsed / machine.diskTotal) * 100),
    device_type: deviceType(gpus),
    gpus: gpus
      .filter(({ card }) => card.driver === 'nvml')
      .map(({ card, load, temperature, vramUsed }) => ({
        gpu_utilization: Math.round(load),
        gpu_temperature: Math.round(temperature),
        vram_total: card.vram,
        vram_used: vramUsed,
        vram_used_percent: (vramUsed / card.vram) * 100,
      })),
  };
}

/** The answer of Crystools' `/crystools/monitor/GPU`. */
export function crystoolsGpus({ gpus }: MachineFigures): JsonObject[] {
  return gpus
    .filter(({ card }) => card.driver === 'nvml')
    .map(({ card, index }) => ({ index, name: card.name }));
}

/** The data of the companion's `comfy_monitor.telemetry` message (docs/telemetry.md). */
export function companionTelemetry(machine: MachineFigures): JsonObject {
  return {
    cpu_percent: tenth(machine.cpu),
    ram: { used: machine.ramUsed, total: machine.ramTotal },
    swap: { used: 0, total: 8 * 1024 ** 3 },
    disk: {
      path: '/srv/ComfyUI/output',
      used: machine.diskUsed,
      total: machine.diskTotal,
      free: Math.round((machine.diskTotal - machine.diskUsed) * 0.9),
    },
    gpus: machine.gpus.map(companionGpu),
  };
}

function companionGpu({ card, index, ...gpu }: GpuFigures): JsonObject {
  const isUsed = card.isUsed !== false;
  const common = {
    uuid: card.driver === 'nvml' ? `GPU-5a1d0000-0000-4000-8000-${String(index).padStart(12, '0')}` : null,
    pci: card.driver === 'pytorch' ? null : `0000:0${index + 1}:00.0`,
    name: card.name,
    integrated: card.isIntegrated === true,
    device: isUsed ? index : null,
    used: isUsed,
    vram_used: gpu.vramUsed,
    vram_total: card.vram,
    vram_own: isUsed ? gpu.vramOwn : 0,
    vram_reserved: isUsed ? Math.round(gpu.vramOwn * 0.96) : 0,
  };
  if (card.driver === 'pytorch') {
    const reason = 'macOS has no public way to ask for it';
    return {
      ...common,
      vram_used: null,
      // What Metal recommends as the most.
      vram_total: 0.75 * card.vram,
      vram_reserved: null,
      missing: {
        vram_used: 'macOS does not tell what other programs hold',
        load_percent: 'PyTorch does not tell it',
        temperature: reason,
        power: reason,
      },
    };
  }
  const atLimit = gpu.power > card.powerLimit * 0.95;
  return {
    ...common,
    load_percent: Math.round(gpu.load),
    temperature: Math.round(gpu.temperature),
    temperature_limit: card.temperatureLimit,
    shared_used: card.driver === 'amdgpu' ? 260 * 1024 ** 2 : null,
    power: tenth(Math.min(gpu.power, card.powerLimit)),
    power_limit: card.powerLimit,
    fan_percent: card.isIntegrated ? null : Math.round(Math.max(0, gpu.temperature - 38) * 1.7),
    core_clock: Math.round(card.coreClock * (0.25 + 0.0075 * gpu.load)),
    memory_clock: card.memoryClock,
    throttled_by: atLimit ? ['power_limit'] : [],
    missing: {},
  };
}

/** The devices of `/system_stats`, bytes: those that ComfyUI's PyTorch has. */
export function statsDevices({ gpus, ramUsed, ramTotal }: MachineFigures): JsonObject[] {
  return gpus
    .filter(({ card }) => card.isUsed !== false)
    .map(({ card, index, vramUsed, vramOwn }) => {
      if (card.driver === 'pytorch') {
        const free = ramTotal - ramUsed;
        const memory = {
          vram_total: ramTotal,
          vram_free: free,
          torch_vram_total: ramTotal,
          torch_vram_free: free,
        };
        return { name: 'mps', type: 'mps', index: null, ...memory };
      }
      const [reserved, idle] = [Math.round(vramOwn * 0.96), Math.round(vramOwn * 0.08)];
      return {
        name: `cuda:${index} ${card.name} : ${card.driver === 'nvml' ? 'cudaMallocAsync' : 'native'}`,
        type: 'cuda',
        index,
        vram_total: card.vram,
        vram_free: card.vram - vramUsed + idle,
        torch_vram_total: reserved,
        torch_vram_free: idle,
      };
    });
}

function deviceType(gpus: readonly GpuFigures[]): string {
  return gpus.some(({ card }) => card.driver === 'pytorch') ? 'mps' : 'cuda';
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
