import { gpuModel } from './gpu-model.ts';
import { type GpuState, type MachineState, shownGpuPlaces } from './machine-state.ts';

/** A GPU as it is called among those of its machine. */
export interface NamedGpu {
  /** Its place in `MachineState` and in each sample. */
  place: number;
  /** Counts those that ComfyUI computes on, from 0; null where there is only one. */
  number: number | null;
  /** As people know it, such as `RTX 4090`; null if nobody says. */
  model: string | null;
}

/** The GPUs of a machine that are worth showing: those that ComfyUI computes on, and those that are just there. */
export interface MachineGpus {
  used: NamedGpu[];
  others: NamedGpu[];
}

/**
 * The GPUs worth showing at `now`, ms. Where ComfyUI is known to compute on the processor (`isCpuOnly`), it uses none.
 * Numbers stay the same while others come and go.
 */
export function machineGpus(machine: MachineState, now: number, isCpuOnly = false): MachineGpus {
  const shown = shownGpuPlaces(machine, now);
  const isUsed = usedPlaces(machine, isCpuOnly);
  const numbers = machine.gpus.flatMap((_, place) => (isUsed(place) ? [place] : []));
  const used = shown.filter(isUsed);
  const named = (place: number, number: number | null): NamedGpu => ({
    place,
    number,
    model: gpuModel(machine.gpus[place]?.name ?? null),
  });
  return {
    used: used.map((place) => named(place, used.length > 1 ? numbers.indexOf(place) : null)),
    others: shown.filter((place) => !isUsed(place)).map((place) => named(place, null)),
  };
}

/** What a GPU is called where there may be others: `GPU 3`, or `GPU`. */
export function gpuTitle({ number }: NamedGpu): string {
  return number === null ? 'GPU' : `GPU ${number}`;
}

/** Whether what a GPU does is ComfyUI's doing, as far as is known. */
export function isComputedOn(gpu: GpuState): boolean {
  return gpu.isUsed ?? gpu.isIntegrated !== true;
}

function usedPlaces({ gpus }: MachineState, isCpuOnly: boolean): (place: number) => boolean {
  if (isCpuOnly) return () => false;
  // A part of the processor can be all there is, and nobody says whether it is used.
  const isAny = gpus.some(isComputedOn);
  return (place) => {
    const gpu = gpus[place];
    return gpu !== undefined && (isAny ? isComputedOn(gpu) : gpu.isUsed !== false);
  };
}
