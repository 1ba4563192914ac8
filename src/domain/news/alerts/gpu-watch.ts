import { isComputedOn } from '../../telemetry/machine-gpus.ts';
import type { GpuState } from '../../telemetry/machine-state.ts';
import { type GpuSample, usedFraction } from '../../telemetry/telemetry.ts';
import type { Alerts } from '../news-preferences.ts';
import { type Lasting, notSo, stepLasting } from './lasting.ts';
import { type Spill, spillOf } from './spill.ts';
import { type Brake, brakesOf, type TemperatureLimit, temperatureLimitOf } from './thresholds.ts';

/** How far a value must fall below its limit before passing it again is news. */
const slack = { temperatureC: 5, vramPercent: 5 };
/** Of these, ms: how long they last before they are told, and how long they are away before they are over. */
const throttling = { lasts: 60_000, away: 60_000 };
const spilling = { lasts: 5_000, away: 60_000 };
/** A GPU that the driver does not list for a moment is not lost yet, ms. */
const lostAfter = 10_000;

/** What has to be remembered of a GPU to warn of it once. */
export interface GpuWatch {
  /** That it is over its limit, and that was told. */
  hot: boolean;
  full: boolean;
  throttled: Lasting;
  spilled: Lasting;
  /** That it was there in this connection, and that ComfyUI computed on it, as far as is known. */
  wasThere: boolean;
}

export const newGpuWatch: GpuWatch = {
  hot: false,
  full: false,
  throttled: notSo,
  spilled: notSo,
  wasThere: false,
};

/** What there is to warn of. */
export type GpuAlert =
  | { kind: 'hot'; temperatureC: number; limit: TemperatureLimit }
  | { kind: 'throttled'; brakes: readonly Brake[] }
  | { kind: 'spilled'; spill: Spill }
  | { kind: 'full'; percent: number; used: number; total: number }
  | { kind: 'lost'; forMs: number; why: string | null; isUsed: boolean | null };

interface Look {
  /** When it was measured, ms. */
  at: number;
  sample: GpuSample;
  gpu: GpuState;
  alerts: Alerts;
  audible: boolean;
}

/** Looks at one GPU once more. */
export function watchGpu(before: GpuWatch, look: Look): { watch: GpuWatch; news: GpuAlert[] } {
  const { at, sample, gpu, alerts, audible } = look;
  const news: GpuAlert[] = [];

  const limit = temperatureLimitOf(gpu, alerts.gpuTemperatureC);
  const { temperatureC } = sample;
  const hot =
    alerts.hot &&
    limit !== null &&
    isOver(before.hot, temperatureC, limit.celsius, slack.temperatureC, audible);
  if (hot && !before.hot && temperatureC !== null) news.push({ kind: 'hot', temperatureC, limit });

  const brakes = brakesOf(gpu, sample.loadPercent);
  const throttled = alerts.throttled
    ? stepLasting(before.throttled, brakes && brakes.length > 0, at, { ...throttling, audible })
    : { after: notSo, isNews: false };
  if (throttled.isNews && brakes) news.push({ kind: 'throttled', brakes });

  const spill = spillOf(gpu, sample);
  const spilled = alerts.spilled
    ? stepLasting(before.spilled, spill && true, at, { ...spilling, audible })
    : { after: notSo, isNews: false };
  if (spilled.isNews && spill) news.push({ kind: 'spilled', spill });

  const { vramUsed: used, vramTotal: total } = sample;
  // What others do with theirs is their business; the share of RAM that a processor's GPU is given is always full.
  const fraction = isComputedOn(gpu) ? usedFraction(used, total) : null;
  const percent = fraction === null ? null : fraction * 100;
  const { vramPercent } = alerts;
  const full = vramPercent !== null && isOver(before.full, percent, vramPercent, slack.vramPercent, audible);
  if (full && !before.full && percent !== null && used !== null && total !== null)
    news.push({ kind: 'full', percent, used, total });

  const forMs = gpu.goneSince === null ? null : at - gpu.goneSince;
  const isLost = before.wasThere && forMs !== null && forMs >= lostAfter;
  // Said now or not at all: hours later it is no news.
  if (isLost && alerts.gpuLost && audible)
    news.push({ kind: 'lost', forMs, why: gpu.missing.all ?? null, isUsed: gpu.isUsed });
  const wasThere = forMs === null ? isComputedOn(gpu) : before.wasThere && !isLost;

  const watch = { hot, full, throttled: throttled.after, spilled: spilled.after, wasThere };
  return { watch: isSame(before, watch) ? before : watch, news };
}

/** Whether a value is over its limit, and that was told or may be told now. Not measured is neither over nor under. */
function isOver(
  wasOver: boolean,
  value: number | null,
  limit: number,
  below: number,
  audible: boolean,
): boolean {
  if (value === null) return wasOver;
  return wasOver ? value > limit - below : value >= limit && audible;
}

function isSame(one: GpuWatch, other: GpuWatch): boolean {
  return (
    one.hot === other.hot &&
    one.full === other.full &&
    one.throttled === other.throttled &&
    one.spilled === other.spilled &&
    one.wasThere === other.wasThere
  );
}
