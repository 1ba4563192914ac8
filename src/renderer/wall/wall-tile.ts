import { explainProblem } from '../../domain/connection-advice.ts';
import {
  type Clocks,
  endedCount,
  endText,
  leftBesideText,
  liveText,
  progressText,
  queueText,
  timeOfDay,
} from '../../domain/glance/glance-words.ts';
import { startOfToday } from '../../domain/glance/job-counts.ts';
import { type PictureGlance, serverGlance } from '../../domain/glance/server-glance.ts';
import type { ServerState } from '../../domain/monitor-state.ts';
import type { Server } from '../../domain/server.ts';
import { formatPercent } from '../../domain/text/format.ts';
import { t } from '../../language/t.ts';

/** What the wall shows of a server, in the words it shows it in. Prompt texts are none of them: everybody reads walls. */
export interface WallTile {
  serverId: string;
  name: string;
  color: Server['color'];
  /** How it is in the largest letters: when the job is done, how far it is, or how the server stands. */
  headline: string;
  tone: 'busy' | 'idle' | 'bad';
  /** The job that runs, else what came last. */
  title: string | null;
  /** Beside the headline. */
  progress: string | null;
  /** 0–1, in whole percents; null without a job, or where it is not known. */
  fraction: number | null;
  isRunning: boolean;
  left: string | null;
  live: string | null;
  queue: string | null;
  ended: string | null;
  failedToday: string | null;
  /** A failure that nothing good came after, or that is young: it must not be missed. */
  failure: string | null;
  gpus: WallGpu[];
  picture: PictureGlance | null;
}

interface WallGpu {
  place: number;
  title: string;
  /** Percent 0–100 */
  load: number | null;
  vram: number | null;
  text: string;
  isWorst: boolean;
}

/** So long a failure is shown large, whatever came after it, ms. */
const freshFor = 10 * 60_000;

/** A server on the wall. */
export function wallTile(state: ServerState, clocks: Clocks, platform: string | null): WallTile {
  const { now, wall } = clocks;
  const glance = serverGlance(state, { now, today: startOfToday(now, wall) });
  const { server, job, counts, lastFailed, last, problem } = glance;
  const progress = job && progressText(job);
  const done = job && endText(job, clocks);
  const isFresh = lastFailed !== null && (last?.state === 'error' || now - lastFailed.finishedAt < freshFor);
  const ended = job ? null : last;
  return {
    serverId: server.id,
    name: server.name,
    color: server.color,
    headline: job ? (done ?? progress ?? t('glance.busy')) : standing(glance.phase, counts.inQueue),
    tone: problem ? 'bad' : job ? 'busy' : 'idle',
    title: problem
      ? explainProblem(problem, server.url, platform).what
      : (job?.title ?? ended?.title ?? null),
    progress: done === null ? null : progress,
    fraction: job?.outlook.fraction == null ? null : Math.floor(job.outlook.fraction * 100) / 100,
    isRunning: job !== null,
    left: job && leftBesideText(job),
    live: liveText(counts),
    queue: queueText(glance.queue, clocks),
    ended: counts.done === null ? null : t('glance.done_today', { n: endedCount(counts.done, counts) }),
    failedToday:
      counts.failed > 0 ? t('glance.failed_today', { n: endedCount(counts.failed, counts) }) : null,
    failure:
      isFresh && lastFailed
        ? t('wall.failed', { title: lastFailed.title, time: timeOfDay(lastFailed.finishedAt, clocks) })
        : null,
    gpus: glance.gpus.map((gpu) => ({
      place: gpu.place,
      title: gpu.title,
      load: gpu.loadPercent,
      vram: gpu.vramPercent,
      text: [
        gpu.loadPercent === null ? null : formatPercent(gpu.loadPercent),
        gpu.temperatureC === null ? null : `${gpu.temperatureC} °C`,
      ]
        .filter((part) => part !== null)
        .join(' · '),
      isWorst: gpu.worst.load || gpu.worst.temperature,
    })),
    picture: glance.picture,
  };
}

function standing(phase: ServerState['connection']['phase'], inQueue: number | null): string {
  switch (phase) {
    case 'connected':
    case 'polling':
      return inQueue === null ? t('glance.idle') : t('glance.in_queue', { n: inQueue });
    case 'connecting':
      return t('glance.connecting');
    case 'waiting':
      return t('glance.not_connected');
    case 'disabled':
      return t('glance.paused');
  }
}
