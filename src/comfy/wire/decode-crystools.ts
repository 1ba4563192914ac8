import type { GpuSample, TelemetrySample } from '../../domain/telemetry/telemetry.ts';
import { isObject, listOf, numberOf, type WireObject } from './wire-values.ts';

const maxGpus = 64;
const unmeasuredGpu: GpuSample = { loadPercent: null, temperatureC: null, vramUsed: null, vramTotal: null };

/** A sample of telemetry; `complete` is false if a GPU could not be understood. */
export interface CrystoolsReading {
  sample: TelemetrySample;
  complete: boolean;
}

/**
 * Reads the data of a `crystools.monitor` message (ComfyUI-Crystools 1.27), or null if it is none. A
 * GPU that cannot be understood stays in its place as unmeasured, so that the others keep their numbers.
 */
export function decodeCrystools(data: WireObject, at: number): CrystoolsReading | null {
  if (!('cpu_utilization' in data || 'ram_used' in data || 'gpus' in data)) return null;
  const entries = listOf(data.gpus, maxGpus);
  return {
    sample: {
      at,
      cpuPercent: measured(data.cpu_utilization),
      ramUsed: measured(data.ram_used),
      ramTotal: measured(data.ram_total),
      diskUsed: measured(data.hdd_used),
      diskTotal: measured(data.hdd_total),
      gpus: entries.map(gpuSample),
    },
    complete: entries.every(isObject) && (data.gpus == null || Array.isArray(data.gpus)),
  };
}

function gpuSample(entry: unknown): GpuSample {
  if (!isObject(entry)) return unmeasuredGpu;
  return {
    loadPercent: measured(entry.gpu_utilization),
    temperatureC: measured(entry.gpu_temperature),
    vramUsed: measured(entry.vram_used),
    vramTotal: measured(entry.vram_total),
  };
}

/** Crystools sends -1 for what it did not measure: switched off, failed, or a server without a GPU. */
function measured(value: unknown): number | null {
  const number = numberOf(value);
  return number === null || number < 0 ? null : number;
}
