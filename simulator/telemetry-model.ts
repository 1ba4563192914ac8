import type { GraphicsCard } from './graphics-cards.ts';
import type { MachineLoad } from './machine-load.ts';
import type { Activity } from './nodes/node-class.ts';
import type { Random } from './random.ts';

const gib = 1024 ** 3;

/** What an activity asks of the machine: percents, and bytes beyond the models on the card. */
const demands: Readonly<Record<Activity, { gpu: number; cpu: number; working: number; ram: number }>> = {
  idle: { gpu: 1.5, cpu: 2.5, working: 0, ram: 0 },
  'reading model': { gpu: 6, cpu: 34, working: 0.2 * gib, ram: 9.5 * gib },
  encoding: { gpu: 46, cpu: 16, working: 0.7 * gib, ram: 3 * gib },
  sampling: { gpu: 97.5, cpu: 11, working: 2.4 * gib, ram: 2 * gib },
  decoding: { gpu: 83, cpu: 13, working: 4.1 * gib, ram: 2.2 * gib },
  saving: { gpu: 9, cpu: 27, working: 1.2 * gib, ram: 2.6 * gib },
};

/** What a desktop and its browser hold on each card that has room for it, bytes. */
const desktopVram = 0.9 * gib;
/** How often a card is lost and how long that lasts, ms. */
const lossPeriod = 60_000;
const lossLasts = 25_000;

/** One GPU at one moment; percents 0–100, bytes, °C, watts. */
export interface GpuFigures {
  readonly card: GraphicsCard;
  /** The number by which the driver knows it. */
  readonly index: number;
  readonly load: number;
  readonly temperature: number;
  readonly vramUsed: number;
  readonly vramOwn: number;
  readonly power: number;
}

/** A machine at one moment; percents 0–100, bytes. */
export interface MachineFigures {
  readonly cpu: number;
  readonly ramUsed: number;
  readonly ramTotal: number;
  readonly diskUsed: number;
  readonly diskTotal: number;
  /** Those that the driver finds at this moment. */
  readonly gpus: readonly GpuFigures[];
}

interface GpuState {
  readonly card: GraphicsCard;
  readonly ambient: number;
  utilization: number;
  temperature: number;
  vramUsed: number;
}

export interface TelemetryModelOptions {
  readonly cards: readonly GraphicsCard[];
  /** Bytes. Default: 64 GiB. */
  readonly ramTotal?: number;
  /** The driver loses the last card now and then. */
  readonly losesGpu?: boolean;
}

/**
 * The figures of a machine that follow its work with the inertia of real ones: load jumps, memory steps, a card
 * takes half a minute to get hot and longer to cool down.
 */
export class TelemetryModel {
  readonly #random: Random;
  readonly #gpus: GpuState[];
  readonly #ramTotal: number;
  readonly #losesGpu: boolean;
  readonly #diskTotal = 1843 * gib;
  #cpu = 3;
  #ram: number;
  #diskUsed = 0.61 * this.#diskTotal;
  #age = 0;

  constructor(random: Random, { cards, ramTotal = 64 * gib, losesGpu = false }: TelemetryModelOptions) {
    this.#random = random;
    this.#ramTotal = ramTotal;
    this.#losesGpu = losesGpu;
    this.#ram = this.#ramAtRest;
    this.#gpus = cards.map((card, index) => ({
      card,
      ambient: 34 + index * 2,
      utilization: 1,
      temperature: 36 + index * 2,
      vramUsed: this.#vramAtRest(card),
    }));
  }

  /** Lets a time pass under a load. @param ms since the last step */
  step(ms: number, load: MachineLoad): void {
    this.#age += ms;
    const demand = demands[load.activity];
    const wobble = (size: number) => this.#random.between(-size, size);
    this.#cpu = towards(this.#cpu, demand.cpu + wobble(3), ms, 700);
    const ram = clamp(this.#ramAtRest + demand.ram + wobble(0.08 * gib), 0, 0.97 * this.#ramTotal);
    this.#ram = towards(this.#ram, ram, ms, 2200);
    if (load.activity === 'saving') this.#diskUsed = Math.min(0.9 * this.#diskTotal, this.#diskUsed + 2.5e6);
    for (const [index, gpu] of this.#gpus.entries()) {
      const works = index === load.gpu && load.activity !== 'idle';
      const { gpu: percent, working } = works ? demand : demands.idle;
      const resident = load.residentBytes[index] ?? 0;
      gpu.utilization = clamp(towards(gpu.utilization, percent + wobble(works ? 2.2 : 1.5), ms, 260), 0, 100);
      const wanted = this.#vramAtRest(gpu.card) + resident + working + (works ? wobble(0.06 * gib) : 0);
      gpu.vramUsed = clamp(towards(gpu.vramUsed, wanted, ms, 420), 0.3 * gib, gpu.card.vram * 0.985);
      const heat = gpu.ambient + gpu.utilization * 0.4;
      const inertia = heat > gpu.temperature ? 16_000 : 30_000;
      gpu.temperature = towards(gpu.temperature, heat + wobble(0.8), ms, inertia);
    }
  }

  /** What can be measured now. */
  figures(): MachineFigures {
    const isLost = this.#losesGpu && this.#age % lossPeriod > lossPeriod - lossLasts;
    const found = isLost ? this.#gpus.slice(0, -1) : this.#gpus;
    return {
      cpu: clamp(this.#cpu, 0.1, 100),
      ramUsed: Math.round(this.#ram),
      ramTotal: this.#ramTotal,
      diskUsed: Math.round(this.#diskUsed),
      diskTotal: this.#diskTotal,
      gpus: found.map(({ card, utilization, temperature, vramUsed }, index) => ({
        card,
        index,
        load: utilization,
        temperature,
        vramUsed: Math.round(vramUsed),
        vramOwn: Math.max(0, Math.round(vramUsed - Math.min(desktopVram, vramUsed))),
        power: card.powerLimit * (0.07 + 0.0091 * utilization),
      })),
    };
  }

  get #ramAtRest(): number {
    return Math.min(11.5 * gib, 0.3 * this.#ramTotal);
  }

  #vramAtRest({ vram }: GraphicsCard): number {
    return Math.min(1.1 * gib, 0.6 * vram);
  }
}

/** Moves a value towards a target; after the time constant 63 % of the way is done. */
function towards(value: number, target: number, ms: number, timeConstant: number): number {
  return target + (value - target) * Math.exp(-ms / timeConstant);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
