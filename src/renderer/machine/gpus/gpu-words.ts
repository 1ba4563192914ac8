import type { ThrottleReason } from '../../../domain/telemetry/machine-reading.ts';
import { type GpuState, vramOfOthers } from '../../../domain/telemetry/machine-state.ts';
import type { GpuSample } from '../../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatBytes } from '../../../domain/text/format.ts';

/** Something about a GPU that is worth a line. */
export interface GpuNote {
  text: string;
  /** Whether something may have to be done about it. */
  isWarning: boolean;
}

const mebibyte = 1024 ** 2;
/** Less of other programs (bytes) is the desktop, which is always there. */
const notableOthers = 128 * mebibyte;
/** A little of the computer's RAM (bytes) drivers use at any time. */
const notableShared = 512 * mebibyte;
/** So near to the temperature where it slows down, °C, it is worth saying. */
const nearLimit = 5;

const throttleWords: Record<ThrottleReason, string> = {
  power_limit: 'At its power limit',
  heat: 'Slowed down by heat',
  power_brake: 'Slowed down by the power supply’s brake',
  hardware: 'Slowed down by its own protection',
};

/** Why a GPU is slower than it could be: `Slowed down by heat`; null if it is not. */
export function throttleText(reasons: readonly ThrottleReason[]): string | null {
  const [first, ...others] = reasons.map((reason) => throttleWords[reason]);
  if (first === undefined) return null;
  return [first, ...others.map((text) => text.charAt(0).toLowerCase() + text.slice(1))].join(', ');
}

/**
 * What is to be said of a GPU besides its figures, the most urgent first. `timeOf` gives the time of day of a time,
 * ms.
 */
export function gpuNotes(
  gpu: GpuState,
  sample: GpuSample | undefined,
  units: ByteUnits,
  timeOf: (at: number) => string,
): GpuNote[] {
  if (gpu.goneSince !== null) {
    const why = gpu.missing.all ?? 'its driver may have lost it';
    return [{ text: `Not found since ${timeOf(gpu.goneSince)}: ${why}`, isWarning: true }];
  }
  const notes: GpuNote[] = [];
  const note = (text: string | null, isWarning = false) => text !== null && notes.push({ text, isWarning });
  if (gpu.missing.all !== undefined) note(`Not measured: ${gpu.missing.all}`, true);
  note(heatText(gpu, sample?.temperatureC ?? null), true);
  const reasons = gpu.throttledBy ?? [];
  // At full load that is how a card is meant to run.
  note(
    throttleText(reasons),
    reasons.some((reason) => reason !== 'power_limit'),
  );
  note(memoryText(gpu, sample?.vramUsed ?? null, units));
  if (gpu.isIntegrated !== true && gpu.sharedUsed !== null && gpu.sharedUsed >= notableShared)
    note(`${formatBytes(gpu.sharedUsed, units)} more are in the computer’s RAM`);
  return notes;
}

/** How near a GPU is to the temperature at which it slows down; null while it is not near. */
function heatText({ temperatureLimitC: limit }: GpuState, temperature: number | null): string | null {
  if (limit === null || temperature === null || temperature < limit - nearLimit) return null;
  const below = Math.round(limit) - Math.round(temperature);
  if (below > 0) return `${below} °C below its limit of ${Math.round(limit)} °C`;
  return below === 0
    ? `At its temperature limit of ${Math.round(limit)} °C`
    : `${-below} °C above its temperature limit of ${Math.round(limit)} °C`;
}

/** Who holds the VRAM, as far as it is known and worth saying. */
function memoryText(gpu: GpuState, vramUsed: number | null, units: ByteUnits): string | null {
  const others = vramOfOthers(gpu, vramUsed);
  if (others !== null)
    return others >= notableOthers ? `${formatBytes(others, units)} are used by other programs` : null;
  if (vramUsed !== null && gpu.vramCounts === 'pytorch')
    return 'VRAM: only what ComfyUI’s PyTorch holds is counted';
  if (gpu.vramOwn === null && gpu.vramReserved !== null && gpu.vramReserved > 0)
    return `ComfyUI’s PyTorch holds ${formatBytes(gpu.vramReserved, units)}`;
  return null;
}

/** `412 of 450 W`, `412 W`; null if it was not measured. */
export function powerText(watts: number | null, limit: number | null): string | null {
  if (watts === null) return null;
  return limit === null ? `${Math.round(watts)} W` : `${Math.round(watts)} of ${Math.round(limit)} W`;
}

/** `71 °C`; null if it was not measured. */
export function temperatureText(celsius: number | null): string | null {
  return celsius === null ? null : `${Math.round(celsius)} °C`;
}
