import { z } from 'zod';
import { gpuFigures, throttleReasons } from './machine-reading.ts';

/**
 * Who measures, best first: our companion node on the server, this computer where the server runs on it,
 * `crystools.monitor` messages, and `/system_stats` of ComfyUI (RAM and VRAM only).
 */
export const telemetrySources = ['companion', 'local', 'crystools', 'system_stats'] as const;
export type TelemetrySource = (typeof telemetrySources)[number];

const sourceSchema = z.enum(telemetrySources);
const gpuValues = z.enum([...gpuFigures, 'throttledBy']);
/** What of a GPU a source can say. */
export type GpuValue = z.infer<typeof gpuValues>;
/** What of a machine a source can say; a used size, its total and what it is about are one value. */
const machineValues = z.enum(['cpuPercent', 'ram', 'swap', 'disk']);

/**
 * What is known of a GPU now besides its curves; units as in `GpuFigure`. It keeps its place in the list for as long
 * as the server is watched, whichever source tells of it.
 */
const gpuStateSchema = z.object({
  /** As people know it; null if nobody says. */
  name: z.string().nullable(),
  isIntegrated: z.boolean().nullable(),
  /** Whether ComfyUI computes on it; null if nobody says. */
  isUsed: z.boolean().nullable(),
  /** Since when the source that told of it has not found it any more, ms; null while it is there. */
  goneSince: z.number().nullable(),
  temperatureLimitC: z.number().nullable(),
  /** What the VRAM in use counts: what all programs hold, or only what ComfyUI's PyTorch does. */
  vramCounts: z.enum(['all', 'pytorch']),
  vramOwn: z.number().nullable(),
  vramReserved: z.number().nullable(),
  sharedUsed: z.number().nullable(),
  powerLimitWatts: z.number().nullable(),
  fanPercent: z.number().nullable(),
  coreClockMhz: z.number().nullable(),
  memoryClockMhz: z.number().nullable(),
  /** Empty if it runs as fast as it can; null if nobody says. */
  throttledBy: z.array(z.enum(throttleReasons)).nullable(),
  /** Who measured each value that is known. */
  sources: z.partialRecord(gpuValues, sourceSchema),
  /** Why a value is not known, where the source that usually measures it says so; `all` is about the whole GPU. */
  missing: z.partialRecord(z.enum([...gpuValues.options, 'all']), z.string()),
});
export type GpuState = z.infer<typeof gpuStateSchema>;

/** What is known of a machine now besides its curves. Sizes in bytes. */
export const machineStateSchema = z.object({
  swapUsed: z.number().nullable(),
  swapTotal: z.number().nullable(),
  /** What may still be written on the disk, where that is told; less than total minus used. */
  diskFree: z.number().nullable(),
  /** A folder on the disk that is measured; null if that is not known. */
  diskPath: z.string().nullable(),
  /** Whether ComfyUI's outputs are on that disk. */
  diskHoldsOutputs: z.boolean(),
  /** By place, like the GPUs of each sample; samples from before one was found have fewer. */
  gpus: z.array(gpuStateSchema),
  /** Who measured each value that is known. */
  sources: z.partialRecord(machineValues, sourceSchema),
});
export type MachineState = z.infer<typeof machineStateSchema>;

export const unknownMachine: MachineState = {
  swapUsed: null,
  swapTotal: null,
  diskFree: null,
  diskPath: null,
  diskHoldsOutputs: false,
  gpus: [],
  sources: {},
};

/** A GPU that is gone for longer than this is not worth a place on the page any more, ms. */
const goneFor = 10 * 60_000;

/** The places of the GPUs worth showing at `now` (ms): all but those that have been gone for a while. */
export function shownGpuPlaces({ gpus }: MachineState, now: number): number[] {
  return gpus.flatMap(({ goneSince }, place) =>
    goneSince !== null && now - goneSince > goneFor ? [] : [place],
  );
}

/** VRAM that programs other than ComfyUI hold, bytes; null unless the driver tells what ComfyUI's process holds. */
export function vramOfOthers(gpu: GpuState, vramUsed: number | null): number | null {
  if (vramUsed === null || gpu.vramOwn === null || gpu.vramCounts !== 'all') return null;
  // Of two sources they are of two moments.
  if (gpu.sources.vramOwn !== gpu.sources.vramUsed) return null;
  return Math.max(0, vramUsed - gpu.vramOwn);
}

/** The best source that measures anything now; null if there is none. */
export function leadingSource({ gpus, sources }: MachineState): TelemetrySource | null {
  const speaking = new Set([...Object.values(sources), ...gpus.flatMap((gpu) => Object.values(gpu.sources))]);
  return telemetrySources.find((source) => speaking.has(source)) ?? null;
}
