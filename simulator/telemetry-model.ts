import type { MachineLoad } from './machine-load.ts';
import type { Activity } from './nodes/node-class.ts';
import type { JsonObject } from './protocol/json.ts';
import type { Random } from './random.ts';

const gib = 1024 ** 3;
const totalRam = 64 * gib;
const totalDisk = 1843 * gib;

/** The cards a simulated machine can have, in this order. */
const gpuModels = [
  { name: 'NVIDIA GeForce RTX 4090', vram: 23.99 * gib },
  { name: 'NVIDIA GeForce RTX 3090', vram: 23.69 * gib },
  { name: 'NVIDIA RTX A6000', vram: 47.54 * gib },
  { name: 'NVIDIA GeForce RTX 4060 Ti', vram: 15.99 * gib },
] as const;

/** What an activity asks of the machine: percents, and bytes beyond the models on the card. */
const demands: Readonly<Record<Activity, { gpu: number; cpu: number; working: number; ram: number }>> = {
  idle: { gpu: 1.5, cpu: 2.5, working: 0, ram: 0 },
  'reading model': { gpu: 6, cpu: 34, working: 0.2 * gib, ram: 9.5 * gib },
  encoding: { gpu: 46, cpu: 16, working: 0.7 * gib, ram: 3 * gib },
  sampling: { gpu: 97.5, cpu: 11, working: 2.4 * gib, ram: 2 * gib },
  decoding: { gpu: 83, cpu: 13, working: 4.1 * gib, ram: 2.2 * gib },
  saving: { gpu: 9, cpu: 27, working: 1.2 * gib, ram: 2.6 * gib },
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
  readonly #random: Random;
  readonly #gpus: GpuState[];
  #cpu = 3;
  #ram = 11.5 * gib;
  #diskUsed = 0.61 * totalDisk;

  /** @param gpuCount 1–4 */
  constructor(random: Random, gpuCount: number) {
    this.#random = random;
    this.#gpus = gpuModels.slice(0, gpuCount).map(({ name, vram }, index) => ({
      name,
      vramTotal: Math.round(vram),
      ambient: 34 + index * 2,
      utilization: 1,
      temperature: 36 + index * 2,
      vramUsed: 1.1 * gib,
    }));
  }

  get gpuNames(): readonly { readonly index: number; readonly name: string }[] {
    return this.#gpus.map(({ name }, index) => ({ index, name }));
  }

  /** Lets a time pass under a load. @param ms since the last step */
  step(ms: number, load: MachineLoad): void {
    const demand = demands[load.activity];
    const wobble = (size: number) => this.#random.between(-size, size);
    this.#cpu = towards(this.#cpu, demand.cpu + wobble(3), ms, 700);
    this.#ram = towards(this.#ram, 11.5 * gib + demand.ram + wobble(0.08 * gib), ms, 2200);
    if (load.activity === 'saving') this.#diskUsed = Math.min(0.9 * totalDisk, this.#diskUsed + 2.5e6);
    for (const [index, gpu] of this.#gpus.entries()) {
      const works = index === load.gpu && load.activity !== 'idle';
      const { gpu: percent, working } = works ? demand : demands.idle;
      const resident = load.residentBytes[index] ?? 0;
      gpu.utilization = clamp(towards(gpu.utilization, percent + wobble(works ? 2.2 : 1.5), ms, 260), 0, 100);
      const wanted = 1.1 * gib + resident + working + (works ? wobble(0.06 * gib) : 0);
      gpu.vramUsed = clamp(towards(gpu.vramUsed, wanted, ms, 420), 0.4 * gib, gpu.vramTotal * 0.985);
      const heat = gpu.ambient + gpu.utilization * 0.4;
      const inertia = heat > gpu.temperature ? 16_000 : 30_000;
      gpu.temperature = towards(gpu.temperature, heat + wobble(0.8), ms, inertia);
    }
  }

  /** The data of a `crystools.monitor` message (Crystools 1.27, general/hardware.py). */
  sample(): JsonObject {
    return {
      cpu_utilization: tenth(clamp(this.#cpu, 0.1, 100)),
      ram_total: totalRam,
      ram_used: Math.round(this.#ram),
      ram_used_percent: tenth((this.#ram / totalRam) * 100),
      hdd_total: totalDisk,
      hdd_used: Math.round(this.#diskUsed),
      hdd_used_percent: tenth((this.#diskUsed / totalDisk) * 100),
      device_type: 'cuda',
      gpus: this.#gpus.map((gpu) => ({
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
      ramTotal: totalRam,
      ramFree: totalRam - Math.round(this.#ram),
      devices: this.#gpus.map((gpu, index) => ({
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
