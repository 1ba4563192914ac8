import type { GpuFigure, GpuReading } from '../../domain/telemetry/machine-reading.ts';
import { plainText } from '../../domain/text/plain-text.ts';

/** What was found for a figure: its value, why it cannot be had, or null where this kind of GPU has none. */
export type Found = number | { why: string } | null;

/** More than any GPU will have for long: what is beyond is an error of the driver. */
const bounds: Record<GpuFigure, readonly [least: number, most: number]> = {
  loadPercent: [0, 100],
  temperatureC: [0, 200],
  temperatureLimitC: [1, 200],
  vramUsed: [0, 2 ** 50],
  vramTotal: [1, 2 ** 50],
  vramOwn: [0, 2 ** 50],
  vramReserved: [0, 2 ** 50],
  sharedUsed: [0, 2 ** 50],
  powerWatts: [0, 10_000],
  powerLimitWatts: [1, 10_000],
  fanPercent: [0, 100],
  coreClockMhz: [0, 20_000],
  memoryClockMhz: [0, 50_000],
};

export function putFigure(gpu: GpuReading, figure: GpuFigure, found: Found): void {
  const [least, most] = bounds[figure];
  if (found === null) return;
  if (typeof found !== 'number') gpu.missing[figure] = found.why;
  else if (found >= least && found <= most) gpu[figure] = found;
  else gpu.missing[figure] = 'the driver gives a value that cannot be';
}

/** What was found in another unit; `factor` 0.001 makes m°C to °C. */
export function scaled(found: Found, factor: number): Found {
  return typeof found === 'number' ? found * factor : found;
}

/** A name as it can be shown; null if there is none. */
export function readableName(text: string): string | null {
  return plainText(text.trim()).slice(0, 100) || null;
}
