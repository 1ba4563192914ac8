import type { MachineLoad } from './machine-load.ts';
import type { Activity } from './nodes/node-class.ts';
import type { JsonObject } from './protocol/json.ts';
import type { Random } from './random.ts';

const GIB = 1024 ** 3;
const RAM_TOTAL = 64 * GIB;
const DISK_TOTAL = 1843 * GIB;

/** The cards a simulated machine can have, in this order. */
export const GPU_MODELS = [
  { name: 'NVIDIA GeForce RTX 4090', vram: 23.99 * GIB },
  { name: 'NVIDIA GeForce RTX 3090', vram: 23.69 * GIB },
  { name: 'NVIDIA RTX A6000', vram: 47.54 * GIB },
  { name: 'NVIDIA GeForce RTX 4060 Ti', vram: 15.99 * GIB },
] as const;

/** What an activity asks of the machine: percents, and bytes beyond the models on the card. */
const DEMANDS: Readonly<Record<Activity, { gpu: number; cpu: number; working: number; ram: number }>> = {
  idle: { gpu: 1.5, cpu: 2.5, working: 0, ram: 0 },
  'reading model': { gpu: 6, cpu: 34, working: 0.2 * GIB, ram: 9.5 * GIB },
  encoding: { gpu: 46, cpu: 16, working: 0.7 * GIB, ram: 3 * GIB },
  sampling: { gpu: 97.5, cpu: 11, working: 2.4 * GIB, ram: 2 * GIB },
  decoding: { gpu: 83, cpu: 13, working: 4.1 * GIB, ram: 2.2 * GIB },
  saving: { gpu: 9, cpu: 27, working: 1.2 * GIB, ram: 2.6 * GIB },
};

interface GpuState {
  readonly name: string;
  readonly vramTotal: number;
  readonly ambient: number;
  utilization: number;
  temperature: number;
  vramUsed: number;
}

/**
 * The figures of a machine that follow its work with the inertia of real ones: load jumps, memory steps, a card
 * takes half a minute to get hot and longer to cool down.
 */
export class TelemetryModel {
  private readonly random: Random;
  private readonly gpus: GpuState[];
  private cpu = 3;
  private ram = 11.5 * GIB;
  private diskUsed = 0.61 * DISK_TOTAL;

  /** @param gpuCount 1–4 */
  constructor(random: Random, gpuCount: number) {
    this.random = random;
    this.gpus = GPU_MODELS.slice(0, gpuCount).map(({ name, vram }, index) => ({
      name,
      vramTotal: Math.round(vram),
      ambient: 34 + index * 2,
      utilization: 1,
      temperature: 36 + index * 2,
      vramUsed: 1.1 * GIB,
    }));
  }

  get gpuNames(): readonly { readonly index: number; readonly name: string }[] {
    return this.gpus.map(({ name }, index) => ({ index, name }));
  }

  /** Lets a time pass under a load. @param ms since the last step */
  step(ms: number, load: MachineLoad): void {
    const demand = DEMANDS[load.activity];
    const wobble = (size: number) => this.random.between(-size, size);
    this.cpu = towards(this.cpu, demand.cpu + wobble(3), ms, 700);
    this.ram = towards(this.ram, 11.5 * GIB + demand.ram + wobble(0.08 * GIB), ms, 2200);
    if (load.activity === 'saving') this.diskUsed = Math.min(0.9 * DISK_TOTAL, this.diskUsed + 2.5e6);
    for (const [index, gpu] of this.gpus.entries()) {
      const works = index === load.gpu && load.activity !== 'idle';
      const { gpu: percent, working } = works ? demand : DEMANDS.idle;
      const resident = load.residentBytes[index] ?? 0;
      gpu.utilization = clamp(towards(gpu.utilization, percent + wobble(works ? 2.2 : 1.5), ms, 260), 0, 100);
      const wanted = 1.1 * GIB + resident + working + (works ? wobble(0.06 * GIB) : 0);
      gpu.vramUsed = clamp(towards(gpu.vramUsed, wanted, ms, 420), 0.4 * GIB, gpu.vramTotal * 0.985);
      const heat = gpu.ambient + gpu.utilization * 0.4;
      const inertia = heat > gpu.temperature ? 16_000 : 30_000;
      gpu.temperature = towards(gpu.temperature, heat + wobble(0.8), ms, inertia);
    }
  }

  /** The data of a `crystools.monitor` message (Crystools 1.27, general/hardware.py). */
  sample(): JsonObject {
    return {
      cpu_utilization: tenth(clamp(this.cpu, 0.1, 100)),
      ram_total: RAM_TOTAL,
      ram_used: Math.round(this.ram),
      ram_used_percent: tenth((this.ram / RAM_TOTAL) * 100),
      hdd_total: DISK_TOTAL,
      hdd_used: Math.round(this.diskUsed),
      hdd_used_percent: tenth((this.diskUsed / DISK_TOTAL) * 100),
      device_type: 'cuda',
      gpus: this.gpus.map((gpu) => ({
        gpu_utilization: Math.round(gpu.utilization),
        gpu_temperature: Math.round(gpu.temperature),
        vram_total: gpu.vramTotal,
        vram_used: Math.round(gpu.vramUsed),
        vram_used_percent: (Math.round(gpu.vramUsed) / gpu.vramTotal) * 100,
      })),
    };
  }

  /** RAM and devices as `/system_stats` tells them, in bytes. */
  memory(): { ramTotal: number; ramFree: number; devices: JsonObject[] } {
    return {
      ramTotal: RAM_TOTAL,
      ramFree: RAM_TOTAL - Math.round(this.ram),
      devices: this.gpus.map((gpu, index) => ({
        name: `cuda:${index} ${gpu.name} : cudaMallocAsync`,
        type: 'cuda',
        index,
        vram_total: gpu.vramTotal,
        vram_free: gpu.vramTotal - Math.round(gpu.vramUsed),
        torch_vram_total: Math.round(gpu.vramUsed * 0.82),
        torch_vram_free: Math.round(gpu.vramUsed * 0.06),
      })),
    };
  }
}

/** Moves a value towards a target; after the time constant 63 % of the way is done. */
function towards(value: number, target: number, ms: number, timeConstant: number): number {
  return target + (value - target) * Math.exp(-ms / timeConstant);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
