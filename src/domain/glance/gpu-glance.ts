import type { ServerState } from '../monitor-state.ts';
import { isCpuOnly } from '../server.ts';
import { gpuTitle, machineGpus } from '../telemetry/machine-gpus.ts';
import { currentSample, type GpuSample, usedFraction } from '../telemetry/telemetry.ts';

/** A GPU that ComfyUI computes on, in three figures; null means not measured now. */
export interface GpuGlance {
  /** Its place in `MachineState`, the same for as long as the server is watched. */
  place: number;
  /** `GPU 2`, or `GPU` where it is the only one. */
  title: string;
  /** As people know it, such as `RTX 4090`; null if nobody says. */
  model: string | null;
  loadPercent: number | null;
  /** Percent 0–100 of the VRAM in use. */
  vramPercent: number | null;
  temperatureC: number | null;
  /** Which of its figures no other GPU of this machine exceeds; none where it is the only one. */
  worst: { load: boolean; vram: boolean; temperature: boolean };
}

/** The GPUs of a server that ComfyUI computes on, each by itself at `now`, ms: a mean of several tells of none. */
export function gpuGlances(
  { telemetry, facts }: Pick<ServerState, 'telemetry' | 'facts'>,
  now: number,
): GpuGlance[] {
  const sample = currentSample(telemetry, now);
  const { used } = machineGpus(telemetry.machine, now, isCpuOnly(facts.devices));
  const figures = used.map((gpu) => ({ gpu, ...figuresOf(sample?.gpus[gpu.place]) }));
  const isSeveral = figures.length > 1;
  const highest = (pick: (one: Figures) => number | null): number | null =>
    figures.reduce<number | null>((most, one) => {
      const value = pick(one);
      return value === null || (most !== null && most >= value) ? most : value;
    }, null);
  const most = {
    load: highest(({ loadPercent }) => loadPercent),
    vram: highest(({ vramPercent }) => vramPercent),
    temperature: highest(({ temperatureC }) => temperatureC),
  };
  const isMost = (value: number | null, of: number | null): boolean =>
    isSeveral && value !== null && value === of;
  return figures.map(({ gpu, ...own }) => ({
    place: gpu.place,
    title: gpuTitle(gpu),
    model: gpu.model,
    ...own,
    worst: {
      load: isMost(own.loadPercent, most.load),
      vram: isMost(own.vramPercent, most.vram),
      temperature: isMost(own.temperatureC, most.temperature),
    },
  }));
}

type Figures = Pick<GpuGlance, 'loadPercent' | 'vramPercent' | 'temperatureC'>;

/** In whole numbers, as they are shown: what looks the same is the same. */
function figuresOf(gpu: GpuSample | undefined): Figures {
  const vram = gpu ? usedFraction(gpu.vramUsed, gpu.vramTotal) : null;
  return {
    loadPercent: rounded(gpu?.loadPercent),
    vramPercent: rounded(vram === null ? null : vram * 100),
    temperatureC: rounded(gpu?.temperatureC),
  };
}

function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value);
}
