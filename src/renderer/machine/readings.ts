import { gpuTitle, type NamedGpu } from '../../domain/telemetry/machine-gpus.ts';
import {
  type GpuSample,
  type Range,
  type TelemetryMinute,
  type TelemetrySample,
  usedFraction,
} from '../../domain/telemetry/telemetry.ts';
import { type ByteUnits, formatBytes, formatDuration, formatPercent } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';

/** What the charts draw. */
export const metrics = ['load', 'vram', 'ram'] as const;
export type Metric = (typeof metrics)[number];

/** The newest value of a line. */
export interface Reading {
  /** What it is, for example `GPU 1 load`. */
  name: string;
  /** 0–100; null when it was not measured. */
  percent: number | null;
  /** Sizes, for example `7.4 GiB of 24.0 GiB`; null for loads. */
  amount: string | null;
}

/** Percentages 0–100 of a metric's lines, for drawing: of RAM one, else one for each of the GPUs. */
export function percentages(
  metric: Metric,
  sample: TelemetrySample,
  gpus: readonly NamedGpu[],
): (number | null)[] {
  if (metric === 'ram') return [percentOf(sample.ramUsed, sample.ramTotal)];
  return gpus.map(({ place }) => gpuPercent(metric, sample.gpus[place]));
}

/** The extremes of the same lines within a minute. */
export function extremes(metric: Metric, minute: TelemetryMinute, gpus: readonly NamedGpu[]) {
  const { ranges } = minute;
  const found =
    metric === 'ram'
      ? [percentRange(ranges.ramUsed, minute.ramTotal)]
      : gpus.map(({ place }) =>
          metric === 'load'
            ? (ranges.gpus[place]?.loadPercent ?? null)
            : percentRange(ranges.gpus[place]?.vramUsed ?? null, minute.gpus[place]?.vramTotal ?? null),
        );
  const means = percentages(metric, minute, gpus);
  return {
    lows: means.map((mean, line) => found[line]?.[0] ?? mean),
    highs: means.map((mean, line) => found[line]?.[1] ?? mean),
  };
}

function percentRange(range: Range, total: number | null): Range {
  const [low, high] = [percentOf(range?.[0] ?? null, total), percentOf(range?.[1] ?? null, total)];
  return low === null || high === null ? null : [low, high];
}

/** How full the RAM is. */
export function ramReading(sample: TelemetrySample, units: ByteUnits): Reading {
  const { ramUsed, ramTotal } = sample;
  return {
    name: t('machine.ram'),
    percent: percentOf(ramUsed, ramTotal),
    amount: amountOf(ramUsed, ramTotal, units),
  };
}

/** How busy or how full a GPU is. */
export function gpuReading(
  metric: 'load' | 'vram',
  named: NamedGpu,
  sample: TelemetrySample,
  units: ByteUnits,
): Reading {
  const gpu = sample.gpus[named.place];
  return {
    name: gpuLineName(metric, named),
    percent: gpuPercent(metric, gpu),
    amount: metric === 'vram' && gpu ? amountOf(gpu.vramUsed, gpu.vramTotal, units) : null,
  };
}

/** What a line of a GPU is called, for example `GPU 1 load`. */
export function gpuLineName(metric: 'load' | 'vram', named: NamedGpu): string {
  if (metric === 'load') return t('machine.load_of', { gpu: gpuTitle(named) });
  return named.number === null ? t('machine.vram') : t('machine.vram_of', { gpu: gpuTitle(named) });
}

/** True if a metric was measured for at least one line. */
export function isMeasured(metric: Metric, sample: TelemetrySample, gpus: readonly NamedGpu[]): boolean {
  return percentages(metric, sample, gpus).some((percent) => percent !== null);
}

/**
 * A chart in words: its current value, or, after `silentFor` ms without news, that there is none and what the last one
 * was.
 */
export function chartText(reading: Reading, silentFor: number | null): string {
  const value = valueText(reading);
  return silentFor === null
    ? `${reading.name}: ${value}`
    : t('machine.silent_value', { name: reading.name, duration: formatDuration(silentFor), value });
}

/** The newest value as a figure: a dash where there is none, or it is too old. */
export function shownValue({ percent }: Reading, silentFor: number | null): string {
  return silentFor !== null || percent === null ? '–' : formatPercent(percent);
}

/** A value in words: sizes before percent. */
export function valueText({ percent, amount }: Reading): string {
  if (percent === null) return amount ?? t('machine.not_measured');
  return amount === null ? formatPercent(percent) : `${amount}, ${formatPercent(percent)}`;
}

function gpuPercent(metric: 'load' | 'vram', gpu: GpuSample | undefined): number | null {
  if (!gpu) return null;
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
    : t('time.bytes_of', { part: formatBytes(used, units), whole: formatBytes(total, units) });
}
