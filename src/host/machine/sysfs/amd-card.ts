import { join } from 'node:path';
import { type GpuReading, unmeasuredGpu } from '../../../domain/telemetry/machine-reading.ts';
import { type Found, putFigure, readableName, scaled } from '../gpu-figures.ts';
import { type DrmCard, pciIds } from './drm-card.ts';
import { readGpuMetrics } from './gpu-metrics.ts';
import type { SysfsFiles } from './sysfs-files.ts';

/** What does not change while a card is there. */
export async function identifyAmd(
  files: SysfsFiles,
  card: DrmCard,
  names: ReadonlyMap<string, string>,
): Promise<GpuReading> {
  const text = async (name: string): Promise<string> => {
    const found = await files.text(join(card.device, name));
    return found !== null && 'text' in found ? found.text : '';
  };
  const { device, revision } = await pciIds(files, card);
  const id = await text('unique_id');
  return {
    ...unmeasuredGpu(),
    // As ROCm writes it.
    uuid: /^[\da-f]{8,16}$/i.test(id) ? `GPU-${id.toLowerCase()}` : null,
    pciAddress: card.pciAddress,
    name:
      readableName(await text('product_name')) ??
      names.get(`${device} ${revision}`) ??
      `AMD GPU ${device.toLowerCase()}`.trim(),
  };
}

/** Measures a card that is awake. Other users of the kernel's figures: docs.kernel.org/gpu/amdgpu/thermal.html. */
export async function measureAmd(files: SysfsFiles, card: DrmCard, gpu: GpuReading): Promise<void> {
  const device = (name: string): Promise<Found> => files.number(join(card.device, name));
  putFigure(gpu, 'loadPercent', await device('gpu_busy_percent'));
  putFigure(gpu, 'vramUsed', await device('mem_info_vram_used'));
  putFigure(gpu, 'vramTotal', await files.constant(join(card.device, 'mem_info_vram_total')));
  putFigure(gpu, 'sharedUsed', await device('mem_info_gtt_used'));
  if (card.sensors !== null) await measureSensors(files, card.sensors, gpu);

  const metrics = await files.bytes(join(card.device, 'gpu_metrics'));
  if (metrics === null) return;
  if (!Buffer.isBuffer(metrics)) {
    gpu.missing.throttledBy = metrics.why;
    return;
  }
  const read = readGpuMetrics(metrics);
  if (read) gpu.isIntegrated = read.isIntegrated;
  gpu.throttledBy = read?.throttledBy ?? null;
  if (gpu.throttledBy === null) gpu.missing.throttledBy = 'the driver does not tell it for this GPU';
}

/** The first sensor of temperature is that at the edge of the chip, the first clock that of the cores. */
async function measureSensors(files: SysfsFiles, sensors: string, gpu: GpuReading): Promise<void> {
  const sensor = (name: string): Promise<Found> => files.number(join(sensors, name));
  putFigure(gpu, 'temperatureC', scaled(await sensor('temp1_input'), 1e-3));
  putFigure(gpu, 'temperatureLimitC', scaled(await files.constant(join(sensors, 'temp1_crit')), 1e-3));
  // The mean of some milliseconds; newer chips have the present value alone.
  const power = (await sensor('power1_average')) ?? (await sensor('power1_input'));
  putFigure(gpu, 'powerWatts', scaled(power, 1e-6));
  putFigure(gpu, 'powerLimitWatts', scaled(await sensor('power1_cap'), 1e-6));
  putFigure(gpu, 'fanPercent', await fanPercent(sensor, await files.constant(join(sensors, 'fan1_max'))));
  putFigure(gpu, 'coreClockMhz', scaled(await sensor('freq1_input'), 1e-6));
  putFigure(gpu, 'memoryClockMhz', scaled(await sensor('freq2_input'), 1e-6));
}

/** Percent of the most turns per minute, else of the drive. */
async function fanPercent(sensor: (name: string) => Promise<Found>, most: Found): Promise<Found> {
  const turns = await sensor('fan1_input');
  if (typeof turns === 'number' && typeof most === 'number' && most > 0)
    return Math.min(100, (turns / most) * 100);
  const drive = await sensor('pwm1');
  const full = await sensor('pwm1_max');
  if (typeof drive !== 'number') return drive ?? turns;
  return Math.min(100, (drive / (typeof full === 'number' && full > 0 ? full : 255)) * 100);
}
