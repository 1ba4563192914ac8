import {
  type GpuReading,
  gpuFigures,
  type MachineReading,
  unmeasuredGpu,
} from '../../domain/telemetry/machine-reading.ts';
import {
  type GpuState,
  type MachineState,
  type TelemetrySource,
  telemetrySources,
} from '../../domain/telemetry/machine-state.ts';
import type { TelemetrySample } from '../../domain/telemetry/telemetry.ts';
import { type GpuIdentity, isVagueName, makerOf, placesOf } from './gpu-matching.ts';

/** What is known of a machine at one moment, put together from all that measure it. */
export interface MixedTelemetry {
  sample: TelemetrySample;
  machine: MachineState;
}

/** GPUs of one machine, slices included, that are kept apart; more are left out. */
const maxGpus = 32;
/** What is silent for longer than this (ms), and than three of its intervals, does not speak any more. */
const shortestPatience = 3_000;
/** A longer interval than this (ms) is no pace of that source, but a silence. Crystools' can be chosen. */
const longestInterval: Readonly<Record<TelemetrySource, number>> = {
  companion: 3_000,
  local: 4_000,
  crystools: 60_000,
  system_stats: 10_000,
};
/** What is taken for its pace before it has spoken twice, ms: ComfyUI is not asked again soon if others measure. */
const firstInterval: Readonly<Record<TelemetrySource, number>> = {
  companion: 1_000,
  local: 1_000,
  crystools: 1_000,
  system_stats: 4_000,
};
/** After a new connection a GPU that nobody tells of is gone, but not at once: sources come one after the other, ms. */
const awaitedFor = 10_000;
/** More readings of one source within a second are not looked at: nobody measures so often. */
const mostPerSecond = 20;
/** A source that speaks less often than this (ms) does not set the pace if a faster one is there. */
const slowInterval = 2_500;

interface Spoken {
  reading: MachineReading;
  /** Its pace, ms. */
  interval: number;
  lastInterval: number | null;
  /** The GPUs of the reading by place. */
  gpus: Map<number, GpuReading>;
}

interface Place extends GpuIdentity {
  /** The source that listed it last. */
  listedBy: TelemetrySource;
  goneSince: number | null;
  /** Since when it is not known whether it is still there, ms; null while it is. */
  unheardSince: number | null;
  isIntegrated: boolean | null;
  isUsed: boolean | null;
}

/**
 * Takes what each source measures and gives, value by value, what the best of those says that speak now. The best
 * source that is quick enough sets the pace: each of its readings makes a sample. GPUs keep their places.
 */
export class TelemetryMixer {
  readonly #spoken = new Map<TelemetrySource, Spoken>();
  readonly #places: Place[] = [];
  /** Readings of each source since a moment, ms. */
  readonly #taken = new Map<TelemetrySource, { since: number; count: number }>();
  /** How late messages may be heard, ms. */
  #hold = 0;
  /** What ComfyUI said last of the GPUs that it computes on. */
  #use: { places: ReadonlySet<number>; isComplete: boolean; isCpuOnly: boolean } | null = null;

  /** Takes a reading; gives what is known now, or null if another source sets the pace. */
  take(source: TelemetrySource, reading: MachineReading): MixedTelemetry | null {
    const before = this.#spoken.get(source);
    if (before && (reading.at < before.reading.at || this.#isTooMany(source, reading.at))) return null;
    const gpus = this.#place(source, reading);
    const lastInterval = before ? reading.at - before.reading.at : null;
    const interval = Math.min(
      longestInterval[source],
      paceOf(source, lastInterval, before?.lastInterval ?? null),
    );
    this.#spoken.set(source, { reading, interval, lastInterval, gpus });
    return this.#pacer(reading.at) === source ? this.#mixed(reading.at) : null;
  }

  #isTooMany(source: TelemetrySource, at: number): boolean {
    const taken = this.#taken.get(source);
    if (!taken || at - taken.since >= 1_000) {
      this.#taken.set(source, { since: at, count: 1 });
      return false;
    }
    taken.count += 1;
    return taken.count > mostPerSecond;
  }

  /** Says that messages of the server are kept for up to `ms` before they are heard: that is no silence. */
  setHold(ms: number): void {
    this.#hold = ms;
  }

  /** What a source said does not hold any more: it is gone, or it is about another machine. */
  forget(...sources: readonly TelemetrySource[]): void {
    if (sources.includes('system_stats')) {
      this.#use = null;
      // A ComfyUI that was started anew may see other GPUs, under the same numbers.
      for (const [place, known] of this.#places.entries())
        this.#places[place] = { ...known, device: null, isUsed: null };
    }
    for (const source of sources) {
      const at = this.#spoken.get(source)?.reading.at;
      this.#spoken.delete(source);
      for (const [place, known] of this.#places.entries())
        if (at !== undefined && known.listedBy === source)
          this.#places[place] = { ...known, unheardSince: known.unheardSince ?? at };
    }
  }

  /** Whether a source speaks at `at`, ms. */
  speaks(source: TelemetrySource, at: number): boolean {
    const spoken = this.#spoken.get(source);
    if (!spoken) return false;
    const hold = source === 'companion' || source === 'crystools' ? this.#hold : 0;
    return at - spoken.reading.at <= this.patienceWith(source) + hold;
  }

  /** How long a source is waited for until it counts as silent, ms. */
  patienceWith(source: TelemetrySource): number {
    return Math.max(shortestPatience, 3 * (this.#spoken.get(source)?.interval ?? 0));
  }

  #speaking(at: number): TelemetrySource[] {
    return telemetrySources.filter((source) => this.speaks(source, at));
  }

  #pacer(at: number): TelemetrySource | undefined {
    const speaking = this.#speaking(at);
    return (
      speaking.find((source) => (this.#spoken.get(source)?.interval ?? 0) <= slowInterval) ?? speaking[0]
    );
  }

  /** Since when one is gone by the word of a better source that speaks now; null if there is none. */
  #goneByBetter({ listedBy: by, goneSince: since }: Place, source: TelemetrySource, at: number) {
    const isBetter = telemetrySources.indexOf(by) < telemetrySources.indexOf(source);
    return since !== null && isBetter && this.speaks(by, at) ? { by, since } : null;
  }

  #place(source: TelemetrySource, reading: MachineReading): Map<number, GpuReading> {
    const { gpus, at } = reading;
    // One that could not be understood keeps its place among the others.
    const listed = gpus.some(isDescribed) ? gpus.slice(0, maxGpus) : [];
    const byPlace = new Map<number, GpuReading>();
    placesOf(listed, this.#places).forEach((found, index) => {
      const gpu = listed[index];
      if (!gpu || found === null) return;
      const place = found === 'new' ? this.#newPlace() : found;
      if (place === null) return;
      byPlace.set(place, gpu);
      const known = this.#places[place];
      // ComfyUI's list is as old as its process: who knows better that one is gone holds.
      const gone = known ? this.#goneByBetter(known, source, at) : null;
      this.#places[place] = {
        uuid: gpu.uuid ?? known?.uuid ?? null,
        pciAddress: gpu.pciAddress ?? known?.pciAddress ?? null,
        name: betterName(source, gpu.name, known?.name ?? null),
        device: gpu.device ?? known?.device ?? null,
        vramTotal: gpu.vramTotal ?? known?.vramTotal ?? null,
        vramUsed: gpu.vramUsed ?? known?.vramUsed ?? null,
        isIntegrated: gpu.isIntegrated ?? known?.isIntegrated ?? null,
        isUsed: gpu.isUsed ?? known?.isUsed ?? null,
        listedBy: gone ? gone.by : source,
        goneSince: gone ? gone.since : gpu.isLost ? (known?.goneSince ?? at) : null,
        unheardSince: null,
      };
    });
    // Who lists GPUs without a word about any does not say that they are gone: in Crystools, each can be switched off.
    const isSilent = gpus.length > 0 && listed.length === 0;
    for (const [place, known] of this.#places.entries()) {
      // Only who told of it can say that it is not there any more.
      if (!isSilent && !byPlace.has(place) && known.listedBy === source && known.goneSince === null)
        this.#places[place] = { ...known, goneSince: at };
    }
    if (source === 'system_stats') {
      const isComplete = byPlace.size === listed.length;
      this.#use = { places: new Set(byPlace.keys()), isComplete, isCpuOnly: reading.isCpuOnly };
    }
    this.#noteUse();
    return byPlace;
  }

  /**
   * ComfyUI lists the devices that its PyTorch has. What is not among them is not used if that is certain: older
   * versions list the first one alone, and of equal cards it may not be known which one is meant.
   */
  #noteUse(): void {
    if (!this.#use) return;
    const { places: used, isComplete, isCpuOnly } = this.#use;
    const makers = new Set([...used].map((place) => makerOf(this.#places[place]?.name ?? null)));
    for (const [place, known] of this.#places.entries()) {
      if (used.has(place) || known.listedBy === 'companion') continue;
      const isOther = known.isIntegrated === true || !makers.has(makerOf(known.name));
      const isUnused = isCpuOnly || (isComplete && used.size > 0 && (used.size > 1 || isOther));
      this.#places[place] = { ...known, isUsed: isUnused ? false : null };
    }
  }

  /** A free place; where all are taken, that of the GPU that has been gone for longest. Null if there is none. */
  #newPlace(): number | null {
    if (this.#places.length < maxGpus) return this.#places.length;
    const gone = [...this.#places.entries()].filter(([, { goneSince }]) => goneSince !== null);
    const [first] = gone.sort(([, a], [, b]) => (a.goneSince ?? 0) - (b.goneSince ?? 0));
    return first ? first[0] : null;
  }

  #mixed(at: number): MixedTelemetry {
    const speaking = this.#speaking(at).flatMap((source) => {
      const spoken = this.#spoken.get(source);
      return spoken ? [{ source, ...spoken }] : [];
    });
    const first = <T>(pick: (reading: MachineReading) => T | null) => {
      for (const { source, reading } of speaking) {
        const value = pick(reading);
        if (value !== null) return { source, value };
      }
      return null;
    };
    const cpu = first(({ cpuPercent }) => cpuPercent);
    const ram = first(({ ramUsed: used, ramTotal: total }) => sizeOf(used, total));
    const swap = first(({ swapUsed: used, swapTotal: total }) => sizeOf(used, total));
    const disk = first((reading) => reading.disk);
    const gpus = this.#places.map((place, index) => {
      const told = speaking.flatMap(({ source, gpus: listed }) => {
        const gpu = listed.get(index);
        return gpu ? [{ source, gpu }] : [];
      });
      if (!isMissed(place, at)) return mixedGpu(place, told);
      const { sample, state } = mixedGpu({ ...place, goneSince: place.unheardSince }, told);
      return { sample, state: { ...state, missing: { ...state.missing, all: nobodyTells } } };
    });
    return {
      sample: {
        at,
        cpuPercent: cpu?.value ?? null,
        ramUsed: ram?.value.used ?? null,
        ramTotal: ram?.value.total ?? null,
        diskUsed: disk?.value.used ?? null,
        diskTotal: disk?.value.total ?? null,
        gpus: gpus.map(({ sample }) => sample),
      },
      machine: {
        swapUsed: swap?.value.used ?? null,
        swapTotal: swap?.value.total ?? null,
        diskFree: disk?.value.free ?? null,
        diskPath: disk?.value.path ?? null,
        diskHoldsOutputs: disk?.value.holdsOutputs ?? false,
        gpus: gpus.map(({ state }) => state),
        sources: {
          ...(cpu && { cpuPercent: cpu.source }),
          ...(ram && { ram: ram.source }),
          ...(swap && { swap: swap.source }),
          ...(disk && { disk: disk.source }),
        },
      },
    };
  }
}

/** Whether anything is said of it: Crystools lists one GPU without any value where there is none. */
function isDescribed(gpu: GpuReading): boolean {
  return (
    gpu.uuid !== null ||
    gpu.pciAddress !== null ||
    gpu.name !== null ||
    gpuFigures.some((figure) => gpu[figure] !== null)
  );
}

/** By the two intervals before the last reading, ms; null for those that have not been. */
function paceOf(source: TelemetrySource, last: number | null, before: number | null): number {
  const first = firstInterval[source];
  // ComfyUI is asked more seldom as soon as others speak, and answers all the same.
  if (source === 'system_stats') return Math.max(last ?? first, before ?? first);
  // One of them can be a silence.
  return last === null ? first : Math.min(last, before ?? last);
}

/** Why one is not found that was told of in an earlier connection: its driver need not have lost it. */
const nobodyTells = 'nothing that measures here tells of it any more';

function isMissed({ goneSince, unheardSince }: Place, at: number): boolean {
  return goneSince === null && unheardSince !== null && at - unheardSince > awaitedFor;
}

/** PyTorch's names carry more than people want to read, but are better than none. */
function betterName(source: TelemetrySource, name: string | null, known: string | null): string | null {
  if (name === null || known === null) return name ?? known;
  if (isVagueName(name) !== isVagueName(known)) return isVagueName(name) ? known : name;
  return source === 'system_stats' ? known : name;
}

function sizeOf(used: number | null, total: number | null): { used: number; total: number } | null {
  return used === null || total === null || total <= 0 ? null : { used, total };
}

/** One GPU, each value of the best source that has it. */
function mixedGpu(place: Place, told: readonly { source: TelemetrySource; gpu: GpuReading }[]) {
  const sources: GpuState['sources'] = {};
  const missing: GpuState['missing'] = {};
  const mixed = unmeasuredGpu();
  // A used size and its total belong together. Who counts all programs knows better than who counts ComfyUI alone.
  const sizes = told.filter(({ gpu }) => sizeOf(gpu.vramUsed, gpu.vramTotal));
  const best = sizes.find(({ gpu }) => gpu.vramCounts === 'all') ?? sizes[0];
  if (best) {
    mixed.vramUsed = best.gpu.vramUsed;
    mixed.vramTotal = best.gpu.vramTotal;
    mixed.vramCounts = best.gpu.vramCounts;
    sources.vramUsed = best.source;
    sources.vramTotal = best.source;
  }
  for (const { source, gpu } of told) {
    for (const figure of gpuFigures) {
      if (figure === 'vramUsed' || figure === 'vramTotal' || sources[figure] !== undefined) continue;
      if (gpu[figure] === null) continue;
      mixed[figure] = gpu[figure];
      sources[figure] = source;
    }
    if (sources.throttledBy === undefined && gpu.throttledBy !== null) {
      mixed.throttledBy = gpu.throttledBy;
      sources.throttledBy = source;
    }
  }
  for (const { gpu } of told) Object.assign(missing, { ...gpu.missing, ...missing });
  for (const value of Object.keys(sources)) Reflect.deleteProperty(missing, value);
  const { loadPercent, temperatureC, vramUsed, vramTotal, powerWatts } = mixed;
  return {
    sample: { loadPercent, temperatureC, vramUsed, vramTotal, powerWatts },
    state: {
      name: place.name,
      isIntegrated: place.isIntegrated,
      isUsed: place.isUsed,
      goneSince: place.goneSince,
      temperatureLimitC: mixed.temperatureLimitC,
      vramCounts: mixed.vramCounts,
      vramOwn: mixed.vramOwn,
      vramReserved: mixed.vramReserved,
      sharedUsed: mixed.sharedUsed,
      powerLimitWatts: mixed.powerLimitWatts,
      fanPercent: mixed.fanPercent,
      coreClockMhz: mixed.coreClockMhz,
      memoryClockMhz: mixed.memoryClockMhz,
      throttledBy: mixed.throttledBy,
      sources,
      missing,
    },
  };
}
