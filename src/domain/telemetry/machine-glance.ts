import { machineGpus } from './machine-gpus.ts';
import { currentSample, type GpuSample, type TelemetrySeries, usedFraction } from './telemetry.ts';

/** One figure of the GPUs that ComfyUI computes on. */
interface GlanceFigure {
  /** Of the GPU where it is highest. */
  value: number;
  /** Which one that is, where there are several: `GPU 2`. */
  gpu: number | null;
}

/** A machine in a few figures. Null means not measured now. */
export interface MachineGlance {
  /** Percent 0–100 of the busiest GPU. */
  load: GlanceFigure | null;
  /** Percent 0–100 of the fullest GPU. */
  vram: GlanceFigure | null;
  /** °C of the hottest GPU. */
  temperature: GlanceFigure | null;
  /** GPUs that ComfyUI computes on, and how many of them are at work, by their load. */
  gpus: number;
  busy: number | null;
}

/** A GPU that does less than this (percent) may just draw the desktop. */
const idleLoad = 10;

/**
 * What is worth a glance at a machine at `now`, ms: the GPU that is worst off, since a mean of a full and an empty one
 * tells of neither. Those that ComfyUI does not compute on are left out.
 */
export function machineGlance(series: TelemetrySeries, now: number, isCpuOnly = false): MachineGlance {
  const sample = currentSample(series, now);
  const { used } = machineGpus(series.machine, now, isCpuOnly);
  const highest = (pick: (gpu: GpuSample) => number | null): GlanceFigure | null =>
    used.reduce<GlanceFigure | null>((best, { place, number }) => {
      const gpu = sample?.gpus[place];
      const value = gpu ? pick(gpu) : null;
      return value === null || (best && best.value >= value) ? best : { value, gpu: number };
    }, null);
  const loads = used.flatMap(({ place }) => sample?.gpus[place]?.loadPercent ?? []);
  return {
    load: highest(({ loadPercent }) => loadPercent),
    vram: highest(({ vramUsed, vramTotal }) => {
      const fraction = usedFraction(vramUsed, vramTotal);
      return fraction === null ? null : fraction * 100;
    }),
    temperature: highest(({ temperatureC }) => temperatureC),
    gpus: used.length,
    busy: loads.length === used.length ? loads.filter((load) => load >= idleLoad).length : null,
  };
}
