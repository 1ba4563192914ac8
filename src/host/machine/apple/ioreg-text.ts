import { type GpuReading, unmeasuredGpu } from '../../../domain/telemetry/machine-reading.ts';
import { putFigure, readableName } from '../gpu-figures.ts';

/** No Mac has more. */
const mostGpus = 16;

/**
 * The GPUs of a Mac from `ioreg -r -d 1 -w 0 -c IOAccelerator`, one entry each that begins with `+-o`. `ram` is what
 * the computer has, bytes: on Apple's chips the GPU takes of it what it needs, and Metal recommends about three
 * quarters as the most for one program, which only that program can ask for.
 */
export function readIoreg(text: string, ram: number): GpuReading[] {
  return text
    .split(/^ *\+-o /m)
    .slice(1, mostGpus + 1)
    .flatMap((entry) => readEntry(entry, ram) ?? []);
}

function readEntry(entry: string, ram: number): GpuReading | null {
  const at = entry.indexOf('"PerformanceStatistics" = {');
  if (at < 0) return null;
  const statistics = entry.slice(at, entry.indexOf('}', at) + 1);
  const number = (key: string): number | null => {
    const from = statistics.indexOf(`"${key}"=`);
    const [, digits] = /^(\d{1,18})\b/.exec(from < 0 ? '' : statistics.slice(from + key.length + 3)) ?? [];
    return digits === undefined ? null : Number(digits);
  };
  const gpu = unmeasuredGpu();
  // Intel's Macs write it as bytes: <"AMD Radeon Pro 5500M">.
  const [, model] = /"model" = <?"([^"\n]{1,200})"/.exec(entry) ?? [];
  gpu.name = readableName(model ?? '');
  const isApple = /^AGX/.test(entry) || /^Apple /.test(gpu.name ?? '');
  gpu.isIntegrated = isApple ? true : null;
  putFigure(gpu, 'loadPercent', number('Device Utilization %') ?? untold);
  if (isApple) {
    putFigure(gpu, 'vramUsed', number('In use system memory') ?? untold);
    putFigure(gpu, 'vramTotal', ram);
  } else {
    putFigure(gpu, 'vramUsed', number('vramUsedBytes') ?? number('inUseVidMemoryBytes') ?? untold);
    const [, total] = /"VRAM,totalMB" = (\d{1,7})\b/.exec(entry) ?? [];
    putFigure(gpu, 'vramTotal', total === undefined ? untold : Number(total) * 2 ** 20);
  }
  for (const figure of ['temperatureC', 'powerWatts'] as const) gpu.missing[figure] = noPublicWay;
  return gpu;
}

const untold = { why: 'macOS does not tell it for this GPU' };
const noPublicWay = 'macOS has no public way to ask for it';
