import {
  type GpuReading,
  type MachineReading,
  unmeasuredGpu,
  unmeasuredMachine,
} from '../../domain/telemetry/machine-reading.ts';
import { isObject, listOf, numberOf, type WireObject } from './wire-values.ts';

const maxGpus = 64;

/** A reading of the machine; `complete` is false if a GPU could not be understood. */
export interface DecodedMachine {
  reading: MachineReading;
  complete: boolean;
}

/**
 * Reads the data of a `crystools.monitor` message (ComfyUI-Crystools 1.27), or null if it is none. A
 * GPU that cannot be understood stays in its place as unmeasured, so that the others keep their numbers.
 */
export function decodeCrystools(data: WireObject, at: number): DecodedMachine | null {
  if (!('cpu_utilization' in data || 'ram_used' in data || 'gpus' in data)) return null;
  const entries = listOf(data.gpus, maxGpus);
  const [used, total] = [measured(data.hdd_used), measured(data.hdd_total)];
  return {
    reading: {
      ...unmeasuredMachine(at),
      cpuPercent: measured(data.cpu_utilization),
      ramUsed: measured(data.ram_used),
      ramTotal: measured(data.ram_total),
      // Of the disk that was chosen in its settings.
      disk:
        used === null || total === null || total <= 0
          ? null
          : { used, total, free: null, path: null, holdsOutputs: false },
      gpus: entries.map(gpuReading),
    },
    complete: entries.every(isObject) && (data.gpus == null || Array.isArray(data.gpus)),
  };
}

function gpuReading(entry: unknown): GpuReading {
  if (!isObject(entry)) return unmeasuredGpu();
  return {
    ...unmeasuredGpu(),
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
