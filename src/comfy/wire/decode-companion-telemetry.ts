import {
  type DiskReading,
  type GpuFigure,
  type GpuReading,
  gpuFigures,
  type MachineReading,
  throttleReasons,
  unmeasuredGpu,
  unmeasuredMachine,
} from '../../domain/telemetry/machine-reading.ts';
import type { DecodedMachine } from './decode-crystools.ts';
import { isObject, listOf, numberOf, objectOf, textOf, type WireObject } from './wire-values.ts';

const maxGpus = 64;
/** Characters. */
const maxIdLength = 80;
const maxNameLength = 120;
const maxReasonLength = 160;
const maxPathLength = 1_000;

/** The figures as the companion names them, with what they can be at most; more is a mistake of a driver. */
const figures: Readonly<Record<GpuFigure, { field: string; max: number }>> = {
  loadPercent: { field: 'load_percent', max: 100 },
  temperatureC: { field: 'temperature', max: 300 },
  temperatureLimitC: { field: 'temperature_limit', max: 300 },
  vramUsed: { field: 'vram_used', max: 2 ** 53 },
  vramTotal: { field: 'vram_total', max: 2 ** 53 },
  vramOwn: { field: 'vram_own', max: 2 ** 53 },
  vramReserved: { field: 'vram_reserved', max: 2 ** 53 },
  sharedUsed: { field: 'shared_used', max: 2 ** 53 },
  powerWatts: { field: 'power', max: 10_000 },
  powerLimitWatts: { field: 'power_limit', max: 10_000 },
  fanPercent: { field: 'fan_percent', max: 200 },
  coreClockMhz: { field: 'core_clock', max: 20_000 },
  memoryClockMhz: { field: 'memory_clock', max: 50_000 },
};

/** Reads the data of a `comfy_monitor.telemetry` message (docs/telemetry.md), or gives null if it is none. */
export function decodeCompanionTelemetry(data: WireObject, at: number): DecodedMachine | null {
  if (!('gpus' in data || 'ram' in data || 'cpu_percent' in data)) return null;
  const entries = listOf(data.gpus, maxGpus);
  const [ram, swap] = [sizeOf(data.ram), sizeOf(data.swap)];
  const reading: MachineReading = {
    ...unmeasuredMachine(at),
    cpuPercent: upTo(data.cpu_percent, 100),
    ramUsed: ram?.used ?? null,
    ramTotal: ram?.total ?? null,
    swapUsed: swap?.used ?? null,
    swapTotal: swap?.total ?? null,
    disk: diskOf(data.disk),
    gpus: entries.filter(isObject).map(gpuOf),
  };
  return { reading, complete: entries.every(isObject) && (data.gpus == null || Array.isArray(data.gpus)) };
}

function gpuOf(entry: WireObject): GpuReading {
  const gpu: GpuReading = {
    ...unmeasuredGpu(),
    uuid: textOf(entry.uuid, maxIdLength),
    pciAddress: textOf(entry.pci, maxIdLength)?.toLowerCase() ?? null,
    name: textOf(entry.name, maxNameLength),
    isIntegrated: flagOf(entry.integrated),
    device: upTo(entry.device, 1_000),
    isUsed: flagOf(entry.used),
    isLost: entry.lost === true,
    throttledBy: throttledBy(entry.throttled_by),
  };
  const reasons = objectOf(entry.missing);
  for (const figure of gpuFigures) {
    const { field, max } = figures[figure];
    gpu[figure] = upTo(entry[field], max);
    const reason = textOf(reasons[field], maxReasonLength);
    if (reason !== null) gpu.missing[figure] = reason;
  }
  // Where nobody counts what other programs hold (Apple), what ComfyUI does is better than nothing, and named so.
  if (gpu.isIntegrated === true && gpu.vramUsed === null && gpu.vramOwn !== null) {
    gpu.vramUsed = gpu.vramOwn;
    gpu.vramCounts = 'pytorch';
  }
  const [all, throttling] = [
    textOf(reasons.all, maxReasonLength),
    textOf(reasons.throttled_by, maxReasonLength),
  ];
  if (all !== null) gpu.missing.all = all;
  if (throttling !== null) gpu.missing.throttledBy = throttling;
  return gpu;
}

function throttledBy(value: unknown): GpuReading['throttledBy'] {
  if (!Array.isArray(value)) return null;
  return throttleReasons.filter((reason) => value.includes(reason));
}

function sizeOf(value: unknown): { used: number; total: number } | null {
  const { used, total } = objectOf(value);
  const [usedBytes, totalBytes] = [upTo(used, 2 ** 53), upTo(total, 2 ** 53)];
  return usedBytes === null || totalBytes === null ? null : { used: usedBytes, total: totalBytes };
}

function diskOf(value: unknown): DiskReading | null {
  const size = sizeOf(value);
  if (!size) return null;
  const { path, free } = objectOf(value);
  return {
    ...size,
    free: upTo(free, 2 ** 53),
    path: textOf(path, maxPathLength),
    holdsOutputs: true,
  };
}

/** A number from 0 to `max`; anything else was not measured. */
function upTo(value: unknown, max: number): number | null {
  const number = numberOf(value);
  return number === null || number < 0 || number > max ? null : number;
}

function flagOf(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}
