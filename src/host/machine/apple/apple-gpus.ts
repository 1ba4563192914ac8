import { totalmem } from 'node:os';
import type { GpuReading } from '../../../domain/telemetry/machine-reading.ts';
import { readableName } from '../gpu-figures.ts';
import type { GpuSource } from '../gpu-source.ts';
import { outputOf } from '../processes/children.ts';
import { readIoreg } from './ioreg-text.ts';

export interface AppleGpusOptions {
  log: (line: string) => void;
  /** Absolute paths. */
  ioreg: string;
  sysctl: string;
  /** How long `ioreg` may take, ms, and how long its answer holds. */
  patience: number;
  pace: number;
}

/** GPUs of a Mac. `ioreg` has no loop: it runs for 10 ms or so at each reading, at most every two seconds. */
export function createAppleGpus(options: AppleGpusOptions): GpuSource {
  const { log, ioreg, sysctl, patience } = options;
  let latest: GpuReading[] = [];
  let at = Number.NEGATIVE_INFINITY;
  let chip: Promise<string | null> | null = null;

  return {
    start() {},
    stop() {
      latest = [];
      at = Number.NEGATIVE_INFINITY;
    },
    async read() {
      const now = performance.now();
      // A tenth less, so that a timer that is early does not skip a turn.
      if (now - at < options.pace * 0.9) return latest;
      at = now;
      const text = await outputOf(ioreg, ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'], { patience });
      if (text === null) {
        log('The GPU of this Mac is not measured now: ioreg does not answer');
        latest = latest.map((gpu) => ({ ...gpu, ...unanswered(gpu) }));
        return latest;
      }
      const gpus = readIoreg(text, totalmem());
      if (gpus.some(({ name }) => name === null))
        chip ??= outputOf(sysctl, ['-n', 'machdep.cpu.brand_string'], { patience });
      const name = chip === null ? null : readableName((await chip) ?? '');
      latest = gpus.map((gpu) => ({ ...gpu, name: gpu.name ?? (gpu.isIntegrated ? name : null) }));
      return latest;
    },
  };
}

function unanswered(gpu: GpuReading): Partial<GpuReading> {
  return { loadPercent: null, vramUsed: null, missing: { ...gpu.missing, all: 'ioreg does not answer' } };
}
