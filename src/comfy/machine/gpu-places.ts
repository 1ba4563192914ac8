import { type GpuReading, gpuFigures, type MachineReading } from '../../domain/telemetry/machine-reading.ts';
import { type TelemetrySource, telemetrySources } from '../../domain/telemetry/machine-state.ts';
import { type GpuIdentity, isVagueName, makerOf, placesOf } from './gpu-matching.ts';

/** GPUs of one machine, slices included, that are kept apart; more are left out. */
const maxGpus = 32;
/** After a new connection a GPU that nobody tells of is gone, but not at once: sources come one after the other, ms. */
const awaitedFor = 10_000;

/** A GPU that keeps its place. */
export interface GpuPlace extends GpuIdentity {
  /** The source that listed it last. */
  listedBy: TelemetrySource;
  goneSince: number | null;
  /** Why it is not found, where its source does not say that itself. */
  why: string | null;
  /** Since when it is not known whether it is still there, ms; null while it is. */
  unheardSince: number | null;
  isIntegrated: boolean | null;
  isUsed: boolean | null;
}

/** The GPUs of a machine, each in its place, whichever source tells of it and in which order. */
export class GpuPlaces {
  readonly #places: GpuPlace[] = [];
  readonly #speaks: (source: TelemetrySource, at: number) => boolean;
  /** What ComfyUI said last of the GPUs that it computes on. */
  #use: { places: ReadonlySet<number>; isComplete: boolean; isCpuOnly: boolean } | null = null;

  /** `speaks` says whether a source speaks at a moment, ms. */
  constructor(speaks: (source: TelemetrySource, at: number) => boolean) {
    this.#speaks = speaks;
  }

  /** All places at `at`, ms. */
  at(at: number): GpuPlace[] {
    return this.#places.map((place) =>
      isMissed(place, at) ? { ...place, goneSince: place.unheardSince, why: nobodyTells } : place,
    );
  }

  /** What a source said does not hold any more; `at` is when it said it, ms, null if it did not. */
  forget(source: TelemetrySource, at: number | null): void {
    if (source === 'system_stats') this.#use = null;
    for (const [index, known] of this.#places.entries()) {
      // A ComfyUI that was started anew may see other GPUs, under the same numbers.
      const place = source === 'system_stats' ? { ...known, device: null, isUsed: null } : known;
      const isUnheard = at !== null && known.listedBy === source;
      this.#places[index] = isUnheard ? { ...place, unheardSince: known.unheardSince ?? at } : place;
    }
  }

  /** Since when one is gone by the word of a better source that speaks now; null if there is none. */
  #goneByBetter({ listedBy: by, goneSince: since }: GpuPlace, source: TelemetrySource, at: number) {
    const isBetter = telemetrySources.indexOf(by) < telemetrySources.indexOf(source);
    return since !== null && isBetter && this.#speaks(by, at) ? { by, since } : null;
  }

  /** Gives the GPUs of a reading their places. */
  take(source: TelemetrySource, reading: MachineReading): Map<number, GpuReading> {
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
        why: null,
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

/** Why one is not found that was told of in an earlier connection: its driver need not have lost it. */
const nobodyTells = 'nothing that measures here tells of it any more';

function isMissed({ goneSince, unheardSince }: GpuPlace, at: number): boolean {
  return goneSince === null && unheardSince !== null && at - unheardSince > awaitedFor;
}

/** PyTorch's names carry more than people want to read, but are better than none. */
function betterName(source: TelemetrySource, name: string | null, known: string | null): string | null {
  if (name === null || known === null) return name ?? known;
  if (isVagueName(name) !== isVagueName(known)) return isVagueName(name) ? known : name;
  return source === 'system_stats' ? known : name;
}
