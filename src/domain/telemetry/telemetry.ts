import { z } from 'zod';
import { groupBy } from '../values/group-by.ts';
import { mean } from '../values/mean.ts';
import { type MachineState, machineStateSchema, unknownMachine } from './machine-state.ts';

/** One GPU at one moment. Null means "not measured", never zero. Load in percent 0–100, VRAM in bytes, power in watts. */
const gpuSampleSchema = z.object({
  loadPercent: z.number().nullable(),
  temperatureC: z.number().nullable(),
  vramUsed: z.number().nullable(),
  vramTotal: z.number().nullable(),
  powerWatts: z.number().nullable(),
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
  /** By place: `MachineState` says which GPU has which. */
  gpus: z.array(gpuSampleSchema),
});
export type TelemetrySample = z.infer<typeof telemetrySampleSchema>;

/** The lowest and the highest that was measured; null where it stayed the same, or nothing was measured. */
const rangeSchema = z.tuple([z.number(), z.number()]).nullable();
export type Range = z.infer<typeof rangeSchema>;

/** The means of a minute, and what is drawn of its extremes; units as in a sample. */
const telemetryMinuteSchema = telemetrySampleSchema.extend({
  ranges: z.object({
    ramUsed: rangeSchema,
    /** By place. */
    gpus: z.array(z.object({ loadPercent: rangeSchema, vramUsed: rangeSchema })),
  }),
});
export type TelemetryMinute = z.infer<typeof telemetryMinuteSchema>;

/** VRAM of one GPU, bytes. */
export const vramUseSchema = z.object({ used: z.number(), total: z.number() });
export type VramUse = z.infer<typeof vramUseSchema>;

/**
 * The memory of a server's telemetry, bounded however long we watch: `recent` as it came (about 1 s
 * apart) for 15 minutes, `older` as one mean per minute, with its extremes, up to 24 hours. Both run from old to new. `machine` is what else
 * was known at the newest sample.
 */
export const telemetrySeriesSchema = z.object({
  machine: machineStateSchema,
  recent: z.array(telemetrySampleSchema),
  older: z.array(telemetryMinuteSchema),
});
export type TelemetrySeries = z.infer<typeof telemetrySeriesSchema>;

export const recentSpan = 15 * 60_000;
const olderStep = 60_000;
/** Samples of two sources can come in the wrong order, but not by more than this, ms. */
const longestDisorder = 10_000;
const olderSpan = 24 * 60 * 60_000;
/** Faster senders than one sample per half second do not get more room. */
const maxRecentSamples = 1_800;
/** So many GPUs have all the time there is; of more, less of it is kept in the room of these at one sample a second. */
const roomyGpus = 8;
const usualSamples = 1_000;

export const emptySeries: TelemetrySeries = { machine: unknownMachine, recent: [], older: [] };

/**
 * Adds a sample; what leaves the recent window is averaged into minutes. Samples never go back in time: after
 * the host's clock was set back, those of a time that is still to come make room.
 */
export function appendSample(
  series: TelemetrySeries,
  sample: TelemetrySample,
  machine: MachineState,
): TelemetrySeries {
  const last = series.recent.at(-1);
  if (last && sample.at <= last.at)
    return last.at - sample.at > longestDisorder
      ? appendSample(before(series, sample.at), sample, machine)
      : series;
  const recent = [...series.recent, sample];
  // Trimming a minute at a time keeps the ordinary sample cheap.
  const overdue = sample.at - (recent[0]?.at ?? sample.at) >= recentSpan + olderStep;
  const share = roomyGpus / Math.max(roomyGpus, sample.gpus.length);
  const most = share < 1 ? Math.ceil(usualSamples * share) : maxRecentSamples;
  if (!overdue && recent.length <= most) return { ...series, machine, recent };

  // Cut at a full minute, so that every minute is averaged once.
  const since = Math.floor((sample.at - recentSpan) / olderStep) * olderStep;
  const keepFrom = Math.max(firstIndexSince(recent, since), firstToKeep(recent, most));
  const older = [...series.older, ...minuteMeans(recent.slice(0, keepFrom))];
  return {
    machine,
    recent: recent.slice(keepFrom),
    older: older.slice(firstIndexSince(older, sample.at - olderSpan * share)),
  };
}

/** Where to begin so that a tenth of the room is free, at a full minute if there is one. */
function firstToKeep(recent: readonly TelemetrySample[], most: number): number {
  if (recent.length <= most) return 0;
  const first = recent.length - Math.floor(most * 0.9);
  const minute = Math.ceil((recent[first]?.at ?? 0) / olderStep) * olderStep;
  const whole = firstIndexSince(recent, minute);
  return whole < recent.length ? whole : first;
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

function minuteMeans(samples: readonly TelemetrySample[]): TelemetryMinute[] {
  return groupBy(samples, ({ at }) => Math.floor(at / olderStep)).map(minuteOf);
}

function minuteOf(samples: readonly TelemetrySample[]): TelemetryMinute {
  const whole = (pick: Pick) => rounded(mean(samples.map(pick)), 1);
  const tenths = (pick: Pick) => rounded(mean(samples.map(pick)), 10);
  const places = Array.from(
    { length: Math.max(...samples.map(({ gpus }) => gpus.length)) },
    (_, place) => place,
  );
  return {
    at: whole((s) => s.at) ?? 0,
    cpuPercent: tenths((s) => s.cpuPercent),
    ramUsed: whole((s) => s.ramUsed),
    ramTotal: whole((s) => s.ramTotal),
    diskUsed: whole((s) => s.diskUsed),
    diskTotal: whole((s) => s.diskTotal),
    gpus: places.map((place) => ({
      loadPercent: tenths((s) => s.gpus[place]?.loadPercent ?? null),
      temperatureC: tenths((s) => s.gpus[place]?.temperatureC ?? null),
      vramUsed: whole((s) => s.gpus[place]?.vramUsed ?? null),
      vramTotal: whole((s) => s.gpus[place]?.vramTotal ?? null),
      powerWatts: tenths((s) => s.gpus[place]?.powerWatts ?? null),
    })),
    ranges: {
      ramUsed: rangeOf(samples, (s) => s.ramUsed),
      gpus: places.map((place) => ({
        loadPercent: rangeOf(samples, (s) => s.gpus[place]?.loadPercent ?? null),
        vramUsed: rangeOf(samples, (s) => s.gpus[place]?.vramUsed ?? null),
      })),
    },
  };
}

type Pick = (sample: TelemetrySample) => number | null;

/** No more digits than were measured: they would be most of what is kept. */
function rounded(value: number | null, parts: number): number | null {
  return value === null ? null : Math.round(value * parts) / parts;
}

function rangeOf(samples: readonly TelemetrySample[], pick: Pick): Range {
  let range: Range = null;
  for (const sample of samples) {
    const value = pick(sample);
    if (value === null) continue;
    range = range ? [Math.min(range[0], value), Math.max(range[1], value)] : [value, value];
  }
  return range && range[0] < range[1] ? range : null;
}
