import { type GpuReading, gpuFigures, unmeasuredGpu } from '../../domain/telemetry/machine-reading.ts';
import type { GpuState, TelemetrySource } from '../../domain/telemetry/machine-state.ts';
import type { GpuPlace } from './gpu-places.ts';

/** A size with what it is a part of, bytes; null unless both are known. */
export function sizeOf(used: number | null, total: number | null): { used: number; total: number } | null {
  return used === null || total === null || total <= 0 ? null : { used, total };
}

/** One GPU, each value of the best source that has it. */
export function mixedGpu(place: GpuPlace, told: readonly { source: TelemetrySource; gpu: GpuReading }[]) {
  const sources: GpuState['sources'] = {};
  const missing: GpuState['missing'] = place.why === null ? {} : { all: place.why };
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
