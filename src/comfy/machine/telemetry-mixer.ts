import type { GpuReading, MachineReading } from '../../domain/telemetry/machine-reading.ts';
import {
  type MachineState,
  type TelemetrySource,
  telemetrySources,
} from '../../domain/telemetry/machine-state.ts';
import type { TelemetrySample } from '../../domain/telemetry/telemetry.ts';
import { GpuPlaces } from './gpu-places.ts';
import { mixedGpu, sizeOf } from './mixed-gpu.ts';

/** What is known of a machine at one moment, put together from all that measure it. */
export interface MixedTelemetry {
  sample: TelemetrySample;
  machine: MachineState;
}

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

/**
 * Takes what each source measures and gives, value by value, what the best of those says that speak now. The best
 * source that is quick enough sets the pace: each of its readings makes a sample. GPUs keep their places.
 */
export class TelemetryMixer {
  readonly #spoken = new Map<TelemetrySource, Spoken>();
  readonly #places = new GpuPlaces((source, at) => this.speaks(source, at));
  /** Readings of each source since a moment, ms. */
  readonly #taken = new Map<TelemetrySource, { since: number; count: number }>();
  /** How late messages may be heard, ms. */
  #hold = 0;
  /** Takes a reading; gives what is known now, or null if another source sets the pace. */
  take(source: TelemetrySource, reading: MachineReading): MixedTelemetry | null {
    const before = this.#spoken.get(source);
    if (before && (reading.at < before.reading.at || this.#isTooMany(source, reading.at))) return null;
    const gpus = this.#places.take(source, reading);
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
    for (const source of sources) {
      this.#places.forget(source, this.#spoken.get(source)?.reading.at ?? null);
      this.#spoken.delete(source);
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
    const gpus = this.#places.at(at).map((place, index) =>
      mixedGpu(
        place,
        speaking.flatMap(({ source, gpus: listed }) => {
          const gpu = listed.get(index);
          return gpu ? [{ source, gpu }] : [];
        }),
      ),
    );
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

/** By the two intervals before the last reading, ms; null for those that have not been. */
function paceOf(source: TelemetrySource, last: number | null, before: number | null): number {
  const first = firstInterval[source];
  // ComfyUI is asked more seldom as soon as others speak, and answers all the same.
  if (source === 'system_stats') return Math.max(last ?? first, before ?? first);
  // One of them can be a silence.
  return last === null ? first : Math.min(last, before ?? last);
}
