import {
  type GpuFigure,
  type GpuReading,
  type ThrottleReason,
  unmeasuredGpu,
} from '../../../domain/telemetry/machine-reading.ts';
import { type Found, putFigure, readableName, scaled } from '../gpu-figures.ts';

/** What nvidia-smi is asked for. The name comes last: it alone could hold a comma. */
export const queryFields = [
  'index',
  'uuid',
  'pci.bus_id',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'temperature.gpu',
  'power.draw',
  'enforced.power.limit',
  'fan.speed',
  'clocks.sm',
  'clocks.mem',
  'clocks_event_reasons.active',
  'mig.mode.current',
  'name',
] as const;

/** The same under the name that drivers before 535 know. */
export const olderField: Readonly<Record<string, string>> = {
  'clocks_event_reasons.active': 'clocks_throttle_reasons.active',
};

export interface NvidiaRow {
  /** Its number among those that the driver has now; null if that is not known. */
  index: number | null;
  gpu: GpuReading;
  /** It is cut into slices. */
  isMig: boolean;
  /** The driver has lost it. */
  isLost: boolean;
}

const figureOf: Readonly<Record<string, readonly [GpuFigure, factor: number]>> = {
  'utilization.gpu': ['loadPercent', 1],
  'memory.used': ['vramUsed', 2 ** 20],
  'memory.total': ['vramTotal', 2 ** 20],
  'temperature.gpu': ['temperatureC', 1],
  'power.draw': ['powerWatts', 1],
  'enforced.power.limit': ['powerLimitWatts', 1],
  'clocks.sm': ['coreClockMhz', 1],
  'clocks.mem': ['memoryClockMhz', 1],
};

/**
 * A line of `--format=csv,noheader,nounits`, asked with `fields`; null if it is none. Seen in the place of a value:
 * `N/A`, `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU is lost]`, `[GPU requires reset]`,
 * `[Insufficient Permissions]`.
 */
export function readRow(line: string, fields: readonly string[]): NvidiaRow | null {
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.length < fields.length || line.length > 2_000) return null;
  const named = new Map(fields.map((field, at) => [field, cells[at] ?? '']));
  if (fields.at(-1) === 'name') named.set('name', cells.slice(fields.length - 1).join(', '));
  const index = numberIn(named.get('index'));
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index > 1_000) return null;

  const gpu = unmeasuredGpu();
  const isLost = /GPU is lost|requires reset/i.test(line);
  gpu.uuid = wordOf(named.get('uuid'), /^(?:GPU|MIG)-[\w./-]{1,80}$/);
  gpu.pciAddress = pciAddressOf(named.get('pci.bus_id') ?? '');
  const name = named.get('name') ?? '';
  gpu.name = isNoValue(name) ? null : readableName(name);
  if (isLost) gpu.missing.all = lostReason;
  else putFigures(gpu, named);
  // A GPU that shares its memory with the processor (GB10, Jetson) has none that the driver could count.
  if (gpu.vramTotal !== null) gpu.isIntegrated = false;
  return { index, gpu, isMig: named.get('mig.mode.current') === 'Enabled', isLost };
}

export const lostReason = 'the driver has lost this GPU';

function putFigures(gpu: GpuReading, named: ReadonlyMap<string, string>): void {
  for (const [field, [figure, factor]] of Object.entries(figureOf))
    putFigure(gpu, figure, scaled(numberIn(named.get(field)), factor));
  const fan = numberIn(named.get('fan.speed'));
  // Percent of the intended speed, which a fan may exceed.
  putFigure(gpu, 'fanPercent', typeof fan === 'number' ? Math.min(fan, 100) : fan);
  const reasons = named.get('clocks_event_reasons.active') ?? named.get('clocks_throttle_reasons.active');
  if (reasons !== undefined && /^0x[\da-f]{1,16}$/i.test(reasons))
    gpu.throttledBy = throttleOf(BigInt(reasons));
  else gpu.missing.throttledBy = whyNot(reasons);
}

/** Of NVML's reasons those that say that a GPU is held back; idle, application clocks and sync boost do not. */
export function throttleOf(mask: bigint): ThrottleReason[] {
  const has = (bit: bigint): boolean => (mask & bit) !== 0n;
  const reasons: ThrottleReason[] = [];
  if (has(0x4n)) reasons.push('power_limit');
  if (has(0x80n)) reasons.push('power_brake');
  if (has(0x20n) || has(0x40n)) reasons.push('heat');
  // Hardware slowdown is set beside what caused it, where that is known.
  if (has(0x8n) && !has(0x80n) && !has(0x40n)) reasons.push('hardware');
  return reasons;
}

/** `00000000:01:00.0` as `0000:01:00.0`; null if it is none. */
export function pciAddressOf(text: string): string | null {
  const [, domain = '', rest = ''] =
    /^([\da-f]{4,8}):([\da-f]{2}:[\da-f]{2}\.[\da-f])$/i.exec(text.trim()) ?? [];
  if (rest === '') return null;
  return `${domain.replace(/^0+(?=[\da-f]{4})/i, '')}:${rest}`.toLowerCase();
}

function numberIn(cell: string | undefined): Found {
  if (cell !== undefined && /^-?\d{1,15}(\.\d+)?$/.test(cell)) return Number(cell);
  return { why: whyNot(cell) };
}

function whyNot(cell: string | undefined): string {
  if (cell === undefined) return 'this version of the driver does not tell it';
  const [, word = cell] = /^\[(.*)\]$/.exec(cell) ?? [];
  if (/^(N\/A|Not Supported|Not Available|Not Found)$/i.test(word))
    return 'the driver does not tell it for this GPU';
  if (/permission/i.test(word)) return 'the driver tells it only to administrators';
  if (/error/i.test(word)) return 'the driver reports an error';
  return 'nvidia-smi gives no number';
}

function isNoValue(cell: string): boolean {
  return /^(\[.*\]|N\/A)?$/.test(cell);
}

function wordOf(cell: string | undefined, pattern: RegExp): string | null {
  return cell !== undefined && pattern.test(cell) ? cell : null;
}
