import { join } from 'node:path';
import {
  type GpuReading,
  type ThrottleReason,
  unmeasuredGpu,
} from '../../../domain/telemetry/machine-reading.ts';
import { type Found, putFigure, scaled } from '../gpu-figures.ts';
import { type DrmCard, pciIds } from './drm-card.ts';
import { namesIn, type SysfsFiles } from './sysfs-files.ts';

/** Energy that a card had used at a moment, from which its power is computed. */
export interface EnergyMark {
  /** µJ, and ms of a clock that nobody sets. */
  energy: number;
  at: number;
}

/** What does not change while a card is there. */
export async function identifyIntel(files: SysfsFiles, card: DrmCard): Promise<GpuReading> {
  const { device } = await pciIds(files, card);
  return {
    ...unmeasuredGpu(),
    pciAddress: card.pciAddress,
    name: `Intel GPU ${device.toLowerCase()}`.trim(),
    // Intel's own graphics have had this address since they moved into the processor.
    isIntegrated: card.pciAddress === null ? null : card.pciAddress === '0000:00:02.0',
  };
}

/**
 * Measures a card that is awake, of the drivers `xe` and `i915`. Load and VRAM in use are in performance counters and
 * debugfs, which only administrators may read; what `/proc/…/fdinfo` says is about one's own programs alone.
 * Gives the mark for the next reading.
 */
export async function measureIntel(
  files: SysfsFiles,
  card: DrmCard,
  gpu: GpuReading,
  before: EnergyMark | null,
  now: number,
): Promise<EnergyMark | null> {
  const isXe = card.driver === 'xe';
  gpu.missing.loadPercent = onlyAdministrators;
  if (gpu.isIntegrated !== true) gpu.missing.vramUsed = onlyAdministrators;
  putFigure(gpu, 'vramTotal', await vramTotal(files, card, isXe));

  const clock = isXe
    ? await files.number(join(card.device, 'tile0/gt0/freq0/act_freq'))
    : ((await files.number(join(card.folder, 'gt/gt0/rps_act_freq_mhz'))) ??
      (await files.number(join(card.folder, 'gt_act_freq_mhz'))));
  putFigure(gpu, 'coreClockMhz', clock);
  await readThrottling(files, card, gpu, isXe);
  return card.sensors === null ? null : readSensors(files, card.sensors, gpu, before, now);
}

const onlyAdministrators = 'the Intel driver tells it only to administrators';

/** xe says it for each tile, with what the firmware keeps for itself. i915 mostly does not say it. */
async function vramTotal(files: SysfsFiles, card: DrmCard, isXe: boolean): Promise<Found> {
  if (!isXe) return files.constant(join(card.folder, 'lmem_total_bytes'));
  let sum: number | null = null;
  for (let tile = 0; tile < 4; tile += 1) {
    const path = join(card.device, `tile${tile}`);
    const bytes =
      (await files.constant(join(path, 'physical_vram_size_bytes'))) ??
      (await files.constant(join(path, 'memory/physical_vram_size_bytes')));
    if (typeof bytes !== 'number' || bytes === 0) break;
    sum = (sum ?? 0) + bytes;
  }
  return sum;
}

/** By the end of its name what a reason is, such as `pl1`, `vr_tdc`, `prochot`, `soc_thermal`. */
const reasonEnds: readonly (readonly [ThrottleReason, RegExp])[] = [
  ['heat', /(?:thermal|prochot|ratl|thermalert)$/],
  ['power_limit', /(?:pl1|pl2|pl4|tdc|icc|psys|ppt|edp)$/],
];

async function readThrottling(
  files: SysfsFiles,
  card: DrmCard,
  gpu: GpuReading,
  isXe: boolean,
): Promise<void> {
  const folder = isXe ? join(card.device, 'tile0/gt0/freq0/throttle') : join(card.folder, 'gt/gt0');
  const [status, prefix] = isXe ? ['status', 'reason_'] : ['throttle_reason_status', 'throttle_reason_'];
  const isThrottled = await files.number(join(folder, status));
  if (isThrottled === null) return;
  if (typeof isThrottled !== 'number') {
    gpu.missing.throttledBy = isThrottled.why;
    return;
  }
  const reasons = new Set<ThrottleReason>();
  const names = isThrottled === 0 ? [] : await namesIn(folder);
  for (const name of names.filter((other) => other.startsWith(prefix) && other !== status)) {
    const isSet = await files.number(join(folder, name));
    if (typeof isSet !== 'number' || isSet === 0) continue;
    reasons.add(reasonEnds.find(([, end]) => end.test(name))?.[0] ?? 'hardware');
  }
  // It is held back by what the driver has no name for.
  if (isThrottled !== 0 && reasons.size === 0) reasons.add('hardware');
  gpu.throttledBy = [...reasons];
}

/** Sensors are labelled: `card`, `pkg` (the chip), `vram`. i915 has one of each kind without a label. */
async function readSensors(
  files: SysfsFiles,
  sensors: string,
  gpu: GpuReading,
  before: EnergyMark | null,
  now: number,
): Promise<EnergyMark | null> {
  const sensor = (name: string): Promise<Found> => files.number(join(sensors, name));
  const temperature = await labelled(files, sensors, 'temp', 'pkg');
  putFigure(gpu, 'temperatureC', scaled(await sensor(`${temperature}_input`), 1e-3));
  putFigure(
    gpu,
    'temperatureLimitC',
    scaled(await files.constant(join(sensors, `${temperature}_crit`)), 1e-3),
  );
  const power = await labelled(files, sensors, 'power', 'card');
  for (const end of ['max', 'cap']) {
    const limit = await sensor(`${power}_${end}`);
    // 0 says that there is no such limit.
    if (limit === null || limit === 0) continue;
    putFigure(gpu, 'powerLimitWatts', scaled(limit, 1e-6));
    break;
  }
  // fan1_max is not told, and turns per minute are no share.
  const energy = await sensor(`${await labelled(files, sensors, 'energy', 'card')}_input`);
  if (typeof energy !== 'number') {
    putFigure(gpu, 'powerWatts', energy);
    return null;
  }
  // The counter begins anew when the driver is loaded, and overflows.
  if (before && energy >= before.energy && now > before.at)
    putFigure(gpu, 'powerWatts', (energy - before.energy) / ((now - before.at) * 1_000));
  return { energy, at: now };
}

/** The sensor of a kind with a label, else the first of the kind. */
async function labelled(files: SysfsFiles, sensors: string, kind: string, label: string): Promise<string> {
  const first = `${kind}1`;
  for (let number = 1; number <= 4; number += 1) {
    const found = await files.text(join(sensors, `${kind}${number}_label`));
    if (found !== null && 'text' in found && found.text === label) return `${kind}${number}`;
  }
  if ((await files.number(join(sensors, `${first}_input`))) !== null || kind === 'power') return first;
  const names = await namesIn(sensors);
  return names.find((name) => new RegExp(`^${kind}\\d_input$`).test(name))?.replace('_input', '') ?? first;
}
