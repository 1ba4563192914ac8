import type { ServerState } from '../monitor-state.ts';
import { isReached } from '../server.ts';
import { currentSample, type GpuSample, usedFraction } from '../telemetry/telemetry.ts';
import { formatBytes, formatPercent } from '../text/format.ts';
import type { Announcement } from './announcement.ts';
import type { NewsPreferences } from './news-preferences.ts';

/** A server that is back sooner than this was never worth a word, ms. */
export const lostAfter = 30_000;
/** Between two prompts of a client that queues one at a time, the queue is empty for a moment, ms. */
export const emptyAfter = 2_000;
/** How far a value must fall below its limit before passing it again is news. */
const hysteresis = { temperatureC: 5, vramPercent: 5 };

/** What has to be remembered of a server to announce its news once. */
export interface ServerWatch {
  /** When it was lost, ms; null while connected, or never connected, or switched off. */
  lostSince: number | null;
  /** Whether the loss was announced, or the user did not want that then. Only a loss that was announced has its return announced. */
  loss: 'unsaid' | 'announced' | 'passed over';
  /** The most prompts there were since the queue was last empty. */
  peak: number;
  /** When the queue became empty, ms; null if it is not, or that was announced. */
  emptySince: number | null;
  /** By GPU: that it is over its limit, and that was announced. */
  hot: readonly boolean[];
  full: readonly boolean[];
}

export const newWatch: ServerWatch = {
  lostSince: null,
  loss: 'unsaid',
  peak: 0,
  emptySince: null,
  hot: [],
  full: [],
};

export interface WatchCircumstances {
  now: number;
  preferences: NewsPreferences;
  /** False while the user wants no word about anything. */
  audible: boolean;
}

/** One look at a server: what to announce, what to remember, and when to look again at the latest (ms). */
export interface WatchStep {
  watch: ServerWatch;
  announcements: Announcement[];
  again: number | null;
}

/** Watches everything about a server but its single jobs. */
export function watchServer(watch: ServerWatch, server: ServerState, about: WatchCircumstances): WatchStep {
  const connection = watchConnection(watch, server, about);
  const queue = watchQueue(connection.watch, server, about);
  const alerts = watchAlerts(queue.watch, server, about);
  const steps = [connection, queue, alerts];
  return {
    watch: alerts.watch,
    announcements: steps.flatMap((step) => step.announcements),
    again: earliest(steps.map((step) => step.again)),
  };
}

/** The earliest of some times; null if there is none. */
export function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function watchConnection(watch: ServerWatch, server: ServerState, about: WatchCircumstances): WatchStep {
  const { now, preferences, audible } = about;
  const wanted = preferences.notifications.connection && audible;
  const tag = `connection ${server.server.id}`;
  const { name } = server.server;
  const { phase } = server.connection;
  if (isReached(phase) || phase === 'disabled' || server.watchedSince === null) {
    if (watch.lostSince === null) return { watch, announcements: [], again: null };
    const back = isReached(phase) && watch.loss === 'announced' && wanted;
    return {
      watch: { ...watch, lostSince: null, loss: 'unsaid' },
      announcements: back
        ? [plain(tag, `${name} is back`, `Connected again after ${spanOf(now - watch.lostSince)}.`)]
        : [],
      again: null,
    };
  }
  const since = watch.lostSince ?? now;
  const lost = watch.lostSince === null ? { ...watch, lostSince: since } : watch;
  if (watch.loss !== 'unsaid') return { watch: lost, announcements: [], again: null };
  if (now - since < lostAfter) return { watch: lost, announcements: [], again: since + lostAfter };
  // Said now or not at all: hours later it is no news.
  return {
    watch: { ...lost, loss: wanted ? 'announced' : 'passed over' },
    announcements: wanted
      ? [plain(tag, `${name} was lost`, 'There is no connection; the monitor keeps trying.')]
      : [],
    again: null,
  };
}

function watchQueue(watch: ServerWatch, server: ServerState, about: WatchCircumstances): WatchStep {
  const { now, preferences, audible } = about;
  const quiet = { watch, announcements: [], again: null };
  // Without a connection it is not known what is in the queue.
  if (!isReached(server.connection.phase)) return quiet;
  const count = Math.max(server.running.length + server.pending.length, server.queueLength ?? 0);
  if (count > 0) {
    const peak = Math.max(watch.peak, count);
    if (peak === watch.peak && watch.emptySince === null) return quiet;
    return { ...quiet, watch: { ...watch, peak, emptySince: null } };
  }
  if (watch.peak === 0) return quiet;
  const since = watch.emptySince ?? now;
  if (now - since < emptyAfter)
    return {
      ...quiet,
      watch: watch.emptySince === null ? { ...watch, emptySince: since } : watch,
      again: since + emptyAfter,
    };
  // That a single prompt ended has its own announcement.
  const { queueEmpty, finished } = preferences.notifications;
  const worth = queueEmpty && audible && (watch.peak > 1 || !finished);
  return {
    watch: { ...watch, peak: 0, emptySince: null },
    announcements: worth
      ? [
          plain(
            `queue ${server.server.id}`,
            'The queue is empty',
            `${server.server.name} has nothing left to do.`,
          ),
        ]
      : [],
    again: null,
  };
}

function watchAlerts(watch: ServerWatch, server: ServerState, about: WatchCircumstances): WatchStep {
  const { now, preferences } = about;
  // It is not known how hot it is by now, and what was measured before is no news when a setting changes.
  if (!isReached(server.connection.phase)) return { watch, announcements: [], again: null };
  const { gpuTemperatureC, vramPercent } = preferences.alerts;
  const audible = about.audible && preferences.notifications.alerts;
  const gpus = currentSample(server.telemetry, now)?.gpus ?? [];
  const hot = excursions(watch.hot, gpus, (gpu) => gpu.temperatureC, {
    limit: gpuTemperatureC,
    slack: hysteresis.temperatureC,
    audible,
  });
  const full = excursions(watch.full, gpus, vramPercentOf, {
    limit: vramPercent,
    slack: hysteresis.vramPercent,
    audible,
  });
  const { name, id } = server.server;
  const announcements = [
    ...hot.passed.map(({ index, value }) =>
      alert(
        `heat ${id} ${index}`,
        `${gpuName(gpus, index)} is hot: ${Math.round(value)} °C`,
        `On ${name}; the limit is ${gpuTemperatureC} °C.`,
      ),
    ),
    ...full.passed.map(({ index, value, gpu }) =>
      alert(
        `vram ${id} ${index}`,
        `VRAM is nearly full: ${formatPercent(value)}`,
        `${gpuName(gpus, index)} on ${name}${amountOf(gpu, preferences)}.`,
      ),
    ),
  ];
  const same = hot.over === watch.hot && full.over === watch.full;
  return {
    watch: same ? watch : { ...watch, hot: hot.over, full: full.over },
    announcements,
    again: null,
  };
}

/** Which GPUs passed their limit just now, and which are over it and were announced. */
function excursions(
  before: readonly boolean[],
  gpus: readonly GpuSample[],
  measure: (gpu: GpuSample) => number | null,
  { limit, slack, audible }: { limit: number | null; slack: number; audible: boolean },
) {
  const passed: { index: number; value: number; gpu: GpuSample }[] = [];
  const over = gpus.map((gpu, index) => {
    const value = measure(gpu);
    const wasOver = before[index] ?? false;
    if (limit === null) return false;
    // Not measured is neither over nor under.
    if (value === null) return wasOver;
    if (wasOver) return value > limit - slack;
    if (value < limit || !audible) return false;
    passed.push({ index, value, gpu });
    return true;
  });
  const same = over.length === before.length && over.every((is, index) => is === before[index]);
  return { passed, over: same || gpus.length === 0 ? before : over };
}

function vramPercentOf(gpu: GpuSample): number | null {
  const fraction = usedFraction(gpu.vramUsed, gpu.vramTotal);
  return fraction === null ? null : fraction * 100;
}

function gpuName(gpus: readonly GpuSample[], index: number): string {
  return gpus.length > 1 ? `GPU ${index}` : 'The GPU';
}

function amountOf({ vramUsed, vramTotal }: GpuSample, { charts }: NewsPreferences): string {
  if (vramUsed === null || vramTotal === null) return '';
  return ` uses ${formatBytes(vramUsed, charts.units)} of ${formatBytes(vramTotal, charts.units)}`;
}

function spanOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function plain(tag: string, title: string, body: string): Announcement {
  return { tag, title, body, urgent: false, job: null, file: null, picture: null };
}

function alert(tag: string, title: string, body: string): Announcement {
  return { ...plain(tag, title, body), urgent: true };
}
