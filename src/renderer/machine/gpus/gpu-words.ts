import { brakesOf } from '../../../domain/news/alerts/thresholds.ts';
import type { ThrottleReason } from '../../../domain/telemetry/machine-reading.ts';
import { type GpuState, vramOfOthers } from '../../../domain/telemetry/machine-state.ts';
import type { GpuSample } from '../../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatBytes } from '../../../domain/text/format.ts';
import { t } from '../../../language/t.ts';

/** Something about a GPU that is worth a line. */
export interface GpuNote {
  text: string;
  /**
   * `warning`: something may have to be done about it; `state`: it explains why there are no figures; `power`: it works as
   * hard as it may, which comes and goes; `memory`: who holds it.
   */
  kind: 'warning' | 'state' | 'power' | 'memory';
}

const mebibyte = 1024 ** 2;
/** Less of other programs (bytes) is the desktop, which is always there. */
const notableOthers = 128 * mebibyte;
/** A little of the computer's RAM (bytes) drivers use at any time. */
const notableShared = 512 * mebibyte;
/** So near to the temperature where it slows down, °C, it is worth saying. */
const nearLimit = 5;

/** Why a GPU is slower than it could be: `Slowed down by heat`; null if it is not. */
export function throttleText(reasons: readonly ThrottleReason[]): string | null {
  const [first, ...others] = reasons;
  if (first === undefined) return null;
  return others.reduce(
    (list, reason) => t('machine.list_next', { list, next: t('machine.throttled_next', { first: reason }) }),
    t('machine.throttled', { first }),
  );
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
  const { missing, goneSince, throttledBy } = gpu;
  if (goneSince !== null) {
    const reason = missing.all ?? t('machine.gone_driver');
    return [{ kind: 'warning', text: t('machine.gone_since', { time: timeOf(goneSince), reason }) }];
  }
  const notes: GpuNote[] = [];
  const note = (kind: GpuNote['kind'], text: string | null) => text !== null && notes.push({ kind, text });
  // A GPU that sleeps is well.
  if (missing.all !== undefined) note('state', t('machine.unmeasured_because', { reason: missing.all }));
  note('warning', heatText(gpu, sample?.temperatureC ?? null));
  const isSlowed = (brakesOf(gpu, sample?.loadPercent ?? null) ?? []).length > 0;
  if (isSlowed) note('warning', throttleText(throttledBy ?? []));
  // At full load that is how a card is meant to run.
  else if (throttledBy?.includes('power_limit')) note('power', throttleText(['power_limit']));
  note('memory', vramText(gpu, sample?.vramUsed ?? null, units));
  if (gpu.isIntegrated !== true && gpu.sharedUsed !== null && gpu.sharedUsed >= notableShared)
    note('memory', t('machine.shared_note', { size: formatBytes(gpu.sharedUsed, units) }));
  return notes;
}

/** How near a GPU is to the temperature at which it slows down; null while it is not near. */
function heatText({ temperatureLimitC: limit }: GpuState, temperature: number | null): string | null {
  if (limit === null || temperature === null || temperature < limit - nearLimit) return null;
  const below = Math.round(limit) - Math.round(temperature);
  const values = { degrees: Math.abs(below), limit: Math.round(limit) };
  if (below > 0) return t('machine.below_limit', values);
  return t(below === 0 ? 'machine.at_limit' : 'machine.above_limit', values);
}

/** Who holds the VRAM, as far as it is known and worth saying. */
function vramText(gpu: GpuState, vramUsed: number | null, units: ByteUnits): string | null {
  const others = vramOfOthers(gpu, vramUsed);
  if (others !== null)
    return others >= notableOthers
      ? t('machine.vram_note_others', { size: formatBytes(others, units) })
      : null;
  if (vramUsed !== null && gpu.vramCounts === 'pytorch') return t('machine.vram_note_pytorch');
  if (gpu.vramOwn === null && gpu.vramReserved !== null && gpu.vramReserved > 0)
    return t('machine.vram_note_reserved', { size: formatBytes(gpu.vramReserved, units) });
  return null;
}

/** `412 of 450 W`, `412 W`; null if it was not measured. */
export function powerText(watts: number | null, limit: number | null): string | null {
  if (watts === null) return null;
  return limit === null
    ? `${Math.round(watts)} W`
    : t('machine.watts_of', { watts: Math.round(watts), limit: Math.round(limit) });
}

/** `71 °C`; null if it was not measured. */
export function temperatureText(celsius: number | null): string | null {
  return celsius === null ? null : `${Math.round(celsius)} °C`;
}
