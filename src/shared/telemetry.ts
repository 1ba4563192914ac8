import { z } from 'zod';

/** One GPU at one moment. Null means "not measured", never zero. Load in percent 0–100, VRAM in bytes. */
export const gpuSampleSchema = z.object({
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
export const olderStep = 60_000;
const olderSpan = 24 * 60 * 60_000;
/** Faster senders than one sample per half second do not get more room. */
export const maxRecentSamples = 1_800;

export const emptySeries: TelemetrySeries = { source: null, recent: [], older: [] };

/** Adds a sample; what leaves the recent window is averaged into minutes. Samples never go back in time. */
export function appendSample(
  series: TelemetrySeries,
  source: TelemetrySource,
  sample: TelemetrySample,
): TelemetrySeries {
  const last = series.recent.at(-1);
  if (last && sample.at <= last.at) return series;
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
  const groups = new Map<number, TelemetrySample[]>();
  for (const sample of samples) {
    const minute = Math.floor(sample.at / olderStep);
    const group = groups.get(minute);
    if (group) group.push(sample);
    else groups.set(minute, [sample]);
  }
  return [...groups.values()].map(meanSample);
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

function mean(values: readonly (number | null)[]): number | null {
  const measured = values.filter((value) => value !== null);
  return measured.length === 0 ? null : measured.reduce((sum, value) => sum + value, 0) / measured.length;
}
