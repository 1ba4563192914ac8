import { type GpuReading, unmeasuredGpu } from '../../../domain/telemetry/machine-reading.ts';
import { type Found, putFigure } from '../gpu-figures.ts';
import { pciAddressOf } from './query-row.ts';

/** A part of a GPU that is used as a GPU of its own. */
export interface MigSlice {
  /** PCI address of the GPU that it is part of. */
  pciAddress: string;
  /** Its number in the GPU. */
  index: number;
  /** Bytes, or why they are not known. */
  used: Found;
  total: Found;
}

/** What `nvidia-smi -L` says of a slice. */
export interface MigName {
  uuid: string;
  /** Such as `MIG 3g.20gb`. */
  profile: string;
}

/** A GPU has at most seven, a machine at most sixteen GPUs. */
const mostSlices = 256;

/** The slices of all GPUs from `nvidia-smi -q -x`, which names no UUIDs of them. */
export function readMigSlices(xml: string): MigSlice[] {
  const slices: MigSlice[] = [];
  for (const part of xml.split('<gpu id="').slice(1)) {
    const pciAddress = pciAddressOf(part.slice(0, part.indexOf('"')));
    if (pciAddress === null) continue;
    for (const slice of part.split('<mig_device>').slice(1)) {
      const own = slice.split('</mig_device>', 1)[0] ?? '';
      const [, index] = /<index>\s*(\d{1,3})\s*<\/index>/.exec(own) ?? [];
      if (index === undefined || slices.length >= mostSlices) continue;
      const memory = own.split('<fb_memory_usage>')[1]?.split('</fb_memory_usage>', 1)[0] ?? '';
      slices.push({
        pciAddress,
        index: Number(index),
        used: bytesIn(memory, 'used'),
        total: bytesIn(memory, 'total'),
      });
    }
  }
  return slices;
}

function bytesIn(memory: string, tag: string): Found {
  const from = memory.indexOf(`<${tag}>`);
  const [, value] = /^\s*(\d{1,9}) MiB/.exec(from < 0 ? '' : memory.slice(from + tag.length + 2)) ?? [];
  return value === undefined
    ? { why: 'the driver does not tell it for this slice' }
    : Number(value) * 2 ** 20;
}

/**
 * Names of slices from `nvidia-smi -L`, by the UUID of their GPU and their number in it:
 *
 *     GPU 0: NVIDIA A100-PCIE-40GB (UUID: GPU-5f…)
 *       MIG 3g.20gb     Device  0: (UUID: MIG-c9…)
 */
export function readMigNames(text: string): Map<string, MigName> {
  const names = new Map<string, MigName>();
  let gpu: string | null = null;
  for (const line of text.split('\n').slice(0, 1_000)) {
    const [, card] = /^GPU \d+: .{0,200}\(UUID: (GPU-[\w-]{1,80})\)/.exec(line) ?? [];
    if (card !== undefined) gpu = card;
    const [, profile, index, uuid] =
      /^\s+(MIG [\w.+-]{1,40})\s+Device\s+(\d{1,3}): \(UUID: (MIG-[\w./-]{1,120})\)/.exec(line) ?? [];
    if (gpu !== null && profile !== undefined && index !== undefined && uuid !== undefined)
      names.set(`${gpu} ${Number(index)}`, { uuid, profile });
  }
  return names;
}

/** The slices of a GPU in its place. What the card alone measures holds for all of them, but its power is shared. */
export function slicedGpu(
  card: GpuReading,
  slices: readonly MigSlice[],
  names: ReadonlyMap<string, MigName>,
): GpuReading[] {
  return slices.map((slice) => {
    const gpu: GpuReading = { ...unmeasuredGpu(), pciAddress: card.pciAddress, isIntegrated: false };
    const name = names.get(`${card.uuid} ${slice.index}`);
    gpu.uuid = name?.uuid ?? null;
    gpu.name = `${card.name ?? 'NVIDIA GPU'} ${name?.profile ?? `MIG ${slice.index}`}`;
    putFigure(gpu, 'vramUsed', slice.used);
    putFigure(gpu, 'vramTotal', slice.total);
    for (const figure of ['temperatureC', 'temperatureLimitC', 'coreClockMhz', 'memoryClockMhz'] as const)
      gpu[figure] = card[figure];
    gpu.throttledBy = card.throttledBy;
    if (card.missing.all !== undefined) gpu.missing.all = card.missing.all;
    gpu.missing.loadPercent = 'the driver does not measure the load of MIG slices';
    gpu.missing.powerWatts = 'the driver tells it only for all slices together';
    return gpu;
  });
}
