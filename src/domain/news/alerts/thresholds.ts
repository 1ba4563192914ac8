import { isComputedOn } from '../../telemetry/machine-gpus.ts';
import type { ThrottleReason } from '../../telemetry/machine-reading.ts';
import type { GpuState } from '../../telemetry/machine-state.ts';

/** Where a card counts as hot, and who says so. */
export interface TemperatureLimit {
  celsius: number;
  setBy: 'user' | 'card' | 'usual';
}

/** Where the card does not tell its own limit, °C. */
const usualLimitC = 90;

/**
 * From where on a GPU is hot; `ownLimitC` is the user's own, null for that of the card. Null for a part of the processor,
 * which gets as hot as that does, unless ComfyUI computes on it and a limit is known.
 */
export function temperatureLimitOf(gpu: GpuState, ownLimitC: number | null): TemperatureLimit | null {
  if (gpu.isIntegrated && !isComputedOn(gpu)) return null;
  if (ownLimitC !== null) return { celsius: ownLimitC, setBy: 'user' };
  if (gpu.temperatureLimitC !== null) return { celsius: gpu.temperatureLimitC, setBy: 'card' };
  return gpu.isIntegrated ? null : { celsius: usualLimitC, setBy: 'usual' };
}

/** What slows a GPU down that is no ordinary part of hard work, as its power limit is. */
export type Brake = Exclude<ThrottleReason, 'power_limit'>;

/** Below this load, in percent, nothing is lost by running slower. */
const idle = 10;

/** Null if it is not known, or does not matter because ComfyUI does not compute on it or has nothing to do. */
export function brakesOf(
  { throttledBy, isUsed }: GpuState,
  loadPercent: number | null,
): readonly Brake[] | null {
  if (throttledBy === null || isUsed === false) return null;
  if (loadPercent !== null && loadPercent < idle) return null;
  return throttledBy.filter((reason) => reason !== 'power_limit');
}
