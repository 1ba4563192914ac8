import { type GpuSample, type TelemetrySample, usedFraction } from '../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatBytes, formatDuration, formatPercent } from '../../domain/text/format.ts';

/** What the charts draw. */
export const metrics = ['load', 'vram', 'ram'] as const;
export type Metric = (typeof metrics)[number];

/** One line of a chart at one moment. */
export interface Reading {
  /** What it is, for example `GPU 1 load`. */
  name: string;
  /** What distinguishes it from the chart's other lines, for example `GPU 1`; null if there is only one. */
  line: string | null;
  /** 0–100; null when it was not measured. */
  percent: number | null;
  /** Sizes, for example `7.4 GiB of 24.0 GiB`; null for loads. */
  amount: string | null;
}

/** Percentages 0–100 of a metric's lines, for drawing. */
export function percentages(metric: Metric, sample: TelemetrySample): (number | null)[] {
  if (metric === 'ram') return [percentOf(sample.ramUsed, sample.ramTotal)];
  return sample.gpus.map((gpu) => gpuPercent(metric, gpu));
}

/** The lines of a metric with everything people want to read. */
export function readings(metric: Metric, sample: TelemetrySample, units: ByteUnits = 'binary'): Reading[] {
  if (metric === 'ram') {
    const percent = percentOf(sample.ramUsed, sample.ramTotal);
    return [{ name: 'RAM', line: null, percent, amount: amountOf(sample.ramUsed, sample.ramTotal, units) }];
  }
  const several = sample.gpus.length > 1;
  return sample.gpus.map((gpu, index) => {
    const line = several ? `GPU ${index}` : null;
    return {
      name: metric === 'load' ? `${line ?? 'GPU'} load` : line === null ? 'VRAM' : `${line} VRAM`,
      line,
      percent: gpuPercent(metric, gpu),
      amount: metric === 'vram' ? amountOf(gpu.vramUsed, gpu.vramTotal, units) : null,
    };
  });
}

/** True if a metric was measured for at least one line. */
export function isMeasured(metric: Metric, sample: TelemetrySample): boolean {
  return percentages(metric, sample).some((percent) => percent !== null);
}

/**
 * A chart in words: the current value of each line, or, after `silentFor` ms without news, that there
 * is none and what the last one was.
 */
export function chartText(lines: readonly Reading[], silentFor: number | null): string {
  return lines
    .map((reading) => {
      const value = valueText(reading);
      return silentFor === null
        ? `${reading.name}: ${value}`
        : `${reading.name}: no data for ${formatDuration(silentFor)}, last ${value}`;
    })
    .join('; ');
}

function valueText({ percent, amount }: Reading): string {
  if (percent === null) return amount ?? 'not measured';
  return amount === null ? formatPercent(percent) : `${amount}, ${formatPercent(percent)}`;
}

function gpuPercent(metric: 'load' | 'vram', gpu: GpuSample): number | null {
  return metric === 'load' ? gpu.loadPercent : percentOf(gpu.vramUsed, gpu.vramTotal);
}

function percentOf(used: number | null, total: number | null): number | null {
  const fraction = usedFraction(used, total);
  return fraction === null ? null : fraction * 100;
}

function amountOf(used: number | null, total: number | null, units: ByteUnits): string | null {
  if (used === null) return null;
  return total === null
    ? formatBytes(used, units)
    : `${formatBytes(used, units)} of ${formatBytes(total, units)}`;
}
