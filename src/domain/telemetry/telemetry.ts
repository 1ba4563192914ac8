import { z } from 'zod';
import { groupBy } from '../values/group-by.ts';
import { mean } from '../values/mean.ts';

/** One GPU at one moment. Null means "not measured", never zero. Load in percent 0–100, VRAM in bytes. */
const gpuSampleSchema = z.object({
  loadPercent: z.number().nullable(),
  temperatureC: z.number().nullable(),
  vramUsed: z.number().nullable(),
  vramTotal: z.number().nullable(),
});
export type GpuSample = z.infer<typeof gpuSampleSchema>;

/** Telemetry of one server at one moment; `at` is ms since the epoch, host clock, sizes in bytes. */
export const telemetrySampleSchema = z.object({
  at: z.number(),
  cpuPercent: z.number().nullable(),
  ramUsed: z.number().nullable(),
  ramTotal: z.number().nullable(),
  diskUsed: z.number().nullable(),
  diskTotal: z.number().nullable(),
  gpus: z.array(gpuSampleSchema),
});
export type TelemetrySample = z.infer<typeof telemetrySampleSchema>;

/** VRAM of one GPU, bytes. */
export const vramUseSchema = z.object({ used: z.number(), total: z.number() });
export type VramUse = z.infer<typeof vramUseSchema>;

/** `crystools`: `crystools.monitor` messages; `system_stats`: REST polling (RAM and VRAM only). */
export const telemetrySources = ['crystools', 'system_stats'] as const;
export type TelemetrySource = (typeof telemetrySources)[number];

/**
 * The memory of a server's telemetry, bounded however long we watch: `recent` as it came (about 1 s
 * apart) for 15 minutes, `older` as one mean per minute up to 24 hours. Both run from old to new.
 */
export const telemetrySeriesSchema = z.object({
  source: z.enum(telemetrySources).nullable(),
  recent: z.array(telemetrySampleSchema),
  older: z.array(telemetrySampleSchema),
});
export type TelemetrySeries = z.infer<typeof telemetrySeriesSchema>;

export const recentSpan = 15 * 60_000;
const olderStep = 60_000;
/** Samples of two sources can come in the wrong order, but not by more than this, ms. */
const longestDisorder = 10_000;
const olderSpan = 24 * 60 * 60_000;
/** Faster senders than one sample per half second do not get more room. */
const maxRecentSamples = 1_800;

export const emptySeries: TelemetrySeries = { source: null, recent: [], older: [] };

/**
 * Adds a sample; what leaves the recent window is averaged into minutes. Samples never go back in time: after
 * the host's clock was set back, those of a time that is still to come make room.
 */
export function appendSample(
  series: TelemetrySeries,
  source: TelemetrySource,
  sample: TelemetrySample,
): TelemetrySeries {
  const last = series.recent.at(-1);
  if (last && sample.at <= last.at)
    return last.at - sample.at > longestDisorder
      ? appendSample(before(series, sample.at), source, sample)
      : series;
  const recent = [...series.recent, sample];
  // Trimming a minute at a time keeps the ordinary sample cheap.
  const overdue = sample.at - (recent[0]?.at ?? sample.at) >= recentSpan + olderStep;
  if (!overdue && recent.length <= maxRecentSamples) return { ...series, source, recent };

  // Cut at a full minute, so that every minute is averaged once.
  const since = Math.floor((sample.at - recentSpan) / olderStep) * olderStep;
  const keepFrom = Math.max(firstIndexSince(recent, since), recent.length - maxRecentSamples);
  const older = [...series.older, ...minuteMeans(recent.slice(0, keepFrom))];
  return {
    source,
    recent: recent.slice(keepFrom),
    older: older.slice(firstIndexSince(older, sample.at - olderSpan)),
  };
}

/**
 * A sample with what it lacks taken from what another source measured about then, value by value: a used size
 * and its total belong together. GPUs are paired by their place, and only if both sources have as many; where
 * `sample` measured nothing of any, those of `other` stand for them. The very same sample if nothing is gained.
 */
export function filledFrom(sample: TelemetrySample, other: TelemetrySample): TelemetrySample {
  const ram = isSize(sample.ramUsed, sample.ramTotal) || !isSize(other.ramUsed, other.ramTotal);
  const disk = isSize(sample.diskUsed, sample.diskTotal) || !isSize(other.diskUsed, other.diskTotal);
  const cpu = sample.cpuPercent !== null || other.cpuPercent === null;
  const gpus = gpusFilledFrom(sample.gpus, other.gpus);
  if (ram && disk && cpu && gpus === sample.gpus) return sample;
  return {
    at: sample.at,
    cpuPercent: cpu ? sample.cpuPercent : other.cpuPercent,
    ramUsed: (ram ? sample : other).ramUsed,
    ramTotal: (ram ? sample : other).ramTotal,
    diskUsed: (disk ? sample : other).diskUsed,
    diskTotal: (disk ? sample : other).diskTotal,
    gpus,
  };
}

function gpusFilledFrom(gpus: GpuSample[], others: GpuSample[]): GpuSample[] {
  const isUnmeasured = gpus.every(
    (gpu) => gpu.loadPercent === null && gpu.temperatureC === null && !isSize(gpu.vramUsed, gpu.vramTotal),
  );
  if (isUnmeasured && others.length > 0) return others;
  // Which of them is which is not known.
  if (gpus.length !== others.length) return gpus;
  let gained = false;
  const filled = gpus.map((gpu, index) => {
    const other = others[index];
    const vram = isSize(gpu.vramUsed, gpu.vramTotal) || !other || !isSize(other.vramUsed, other.vramTotal);
    const loadPercent = gpu.loadPercent ?? other?.loadPercent ?? null;
    const temperatureC = gpu.temperatureC ?? other?.temperatureC ?? null;
    if (vram && loadPercent === gpu.loadPercent && temperatureC === gpu.temperatureC) return gpu;
    gained = true;
    const { vramUsed, vramTotal } = vram ? gpu : other;
    return { loadPercent, temperatureC, vramUsed, vramTotal };
  });
  return gained ? filled : gpus;
}

/** Whether a size was measured, with what it is a part of. */
function isSize(used: number | null, total: number | null): boolean {
  return used !== null && total !== null && total > 0;
}

function before(series: TelemetrySeries, at: number): TelemetrySeries {
  const isBefore = (sample: TelemetrySample): boolean => sample.at < at;
  return { ...series, recent: series.recent.filter(isBefore), older: series.older.filter(isBefore) };
}

/** The newest sample, if it is young enough (ms) to be called the current value. */
export function currentSample(series: TelemetrySeries, now: number, maxAge = 5_000): TelemetrySample | null {
  const last = series.recent.at(-1);
  return last && now - last.at <= maxAge ? last : null;
}

/** Fraction 0–1 of something used, or null if either number was not measured. */
export function usedFraction(used: number | null, total: number | null): number | null {
  return used === null || total === null || total <= 0 ? null : Math.min(1, Math.max(0, used / total));
}

function firstIndexSince(samples: readonly TelemetrySample[], since: number): number {
  const index = samples.findIndex((sample) => sample.at >= since);
  return index === -1 ? samples.length : index;
}

function minuteMeans(samples: readonly TelemetrySample[]): TelemetrySample[] {
  return groupBy(samples, ({ at }) => Math.floor(at / olderStep)).map(meanSample);
}

function meanSample(samples: readonly TelemetrySample[]): TelemetrySample {
  const of = (pick: (sample: TelemetrySample) => number | null) => mean(samples.map(pick));
  const gpuCount = Math.max(...samples.map((sample) => sample.gpus.length));
  return {
    at: of((s) => s.at) ?? 0,
    cpuPercent: of((s) => s.cpuPercent),
    ramUsed: of((s) => s.ramUsed),
    ramTotal: of((s) => s.ramTotal),
    diskUsed: of((s) => s.diskUsed),
    diskTotal: of((s) => s.diskTotal),
    gpus: Array.from({ length: gpuCount }, (_, index) => ({
      loadPercent: of((s) => s.gpus[index]?.loadPercent ?? null),
      temperatureC: of((s) => s.gpus[index]?.temperatureC ?? null),
      vramUsed: of((s) => s.gpus[index]?.vramUsed ?? null),
      vramTotal: of((s) => s.gpus[index]?.vramTotal ?? null),
    })),
  };
}
