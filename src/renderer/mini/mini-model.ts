import { queueText } from '../../domain/glance/glance-words.ts';
import type { GpuGlance } from '../../domain/glance/gpu-glance.ts';
import { type JobCounts, startOfToday } from '../../domain/glance/job-counts.ts';
import { type PictureGlance, serverGlance } from '../../domain/glance/server-glance.ts';
import { type Job, jobElapsed } from '../../domain/jobs/job.ts';
import { mainNode, otherNodes } from '../../domain/jobs/job-progress.ts';
import { jobTitle, runningNodeTitle, stepsText, withoutNodeText } from '../../domain/jobs/job-titles.ts';
import { barFraction, jobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import { basisText, endText } from '../../domain/jobs/outlook/outlook-text.ts';
import { nodeEta } from '../../domain/jobs/step-rate.ts';
import type { MonitorState, ServerState } from '../../domain/monitor-state.ts';
import { type Connection, isCpuOnly, isReached, type Server } from '../../domain/server.ts';
import { machineGlance } from '../../domain/telemetry/machine-glance.ts';
import { formatDuration, formatFraction, formatPercent } from '../../domain/text/format.ts';
import type { TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';

/** What the mini mode shows of everything: one job, one machine, the counts. Null means not known. */
export interface MiniModel {
  server: { id: string; name: string; color: Server['color'] };
  /** Only what a connection vouches for. */
  job: MiniJob | null;
  isConnected: boolean;
  /** In place of a job: how the server stands, and what it did last. */
  state: string;
  last: { text: string; failed: boolean } | null;
  /** How busy and how full the GPUs are that ComfyUI computes on; of several the one that is worst off. */
  gpu: MiniFigure | null;
  vram: MiniFigure | null;
  temperature: MiniFigure | null;
  counts: JobCounts;
  /** When the queue will be empty. */
  queueEnd: string | null;
  /** Each GPU by itself, for a window with room for them; none where there is only one. */
  gpus: GpuGlance[];
  /** What it makes now, by the revision of its preview, else what it made last. */
  preview: number | null;
  picture: PictureGlance | null;
  /** Whether it has to be said whose figures these are. */
  several: boolean;
}

export interface MiniFigure {
  value: string;
  /** With several GPUs: how many are at work, or which one it is. */
  hint: string | null;
  /** The same in words; null where the figure says it all. */
  words: string | null;
}

export interface MiniJob {
  promptId: string;
  title: string;
  /** 0–1 */
  fraction: number | null;
  percent: string | null;
  /** What it works at, or why that is not known. */
  node: string;
  /** `12 of 30`. */
  steps: string | null;
  /**
   * Until the job's end where that can be told, else until the node's last step, else how long the job has
   * been running.
   */
  time: string | null;
  /** What the time of the whole job comes from; null where `time` is not about that. */
  basis: string | null;
}

/** The mini mode at `now` (ms by the clock of the state, of which `wallTimeOf` makes times of day); null while no server is watched. */
export function miniModel(
  state: MonitorState,
  now: number,
  wallTimeOf: (at: number) => number,
): MiniModel | null {
  const shown = worthShowing(state.servers);
  if (!shown) return null;
  const clocks = { now, wall: wallTimeOf(now) };
  const glance = serverGlance(shown, { now, today: startOfToday(now, clocks.wall) });
  const { server, counts, gpus } = glance;
  const connected = isReached(glance.phase);
  const [job] = connected ? shown.running : [];
  return {
    server: { id: server.id, name: server.name, color: server.color },
    isConnected: connected,
    job: job ? miniJob(shown, job, now, wallTimeOf) : null,
    state: t(counts.inQueue === null ? states[glance.phase] : 'glance.in_queue', { n: counts.inQueue ?? 0 }),
    last: lastOf(shown),
    ...(connected ? figures(shown, now) : { gpu: null, vram: null, temperature: null }),
    counts,
    queueEnd: queueText(glance.queue, clocks),
    gpus: gpus.length > 1 ? gpus : [],
    preview: job?.preview?.revision ?? null,
    picture: glance.picture,
    several: state.servers.length > 1,
  };
}

const states: Readonly<Record<Connection['phase'], TextKey>> = {
  connected: 'glance.idle',
  polling: 'glance.idle',
  connecting: 'glance.connecting',
  waiting: 'glance.not_connected',
  disabled: 'glance.paused',
};

/** The first server that works, else the first that could. */
function worthShowing(servers: readonly ServerState[]): ServerState | undefined {
  const connected = servers.filter(({ connection }) => isReached(connection.phase));
  return (
    connected.find(({ running }) => running.length > 0) ??
    connected[0] ??
    servers.find(({ connection }) => connection.phase !== 'disabled') ??
    servers[0]
  );
}

function miniJob(server: ServerState, job: Job, now: number, wallTimeOf: (at: number) => number): MiniJob {
  const outlook = jobOutlook(server, job, now);
  const end = endText(outlook, wallTimeOf);
  const node = mainNode(job);
  const others = otherNodes(job);
  const { fraction } = outlook;
  return {
    promptId: job.promptId,
    title: jobTitle(job),
    fraction: barFraction(job, outlook),
    percent: fraction === null ? null : formatFraction(fraction),
    node: node
      ? others > 0
        ? t('mini.node_and_more', { node: runningNodeTitle(job, node), n: others })
        : runningNodeTitle(job, node)
      : withoutNodeText(job),
    steps: node && stepsText(node),
    time: end ?? timeOf(job, now),
    basis: end === null ? null : basisText(outlook),
  };
}

function timeOf(job: Job, now: number): string | null {
  const eta = nodeEta(job, now);
  if (eta !== null) return t('mini.left', { time: formatDuration(Math.max(1_000, eta)) });
  const elapsed = jobElapsed(job, now);
  return elapsed === null ? null : t('mini.so_far', { time: formatDuration(Math.max(1_000, elapsed)) });
}

function lastOf({ finished }: ServerState): MiniModel['last'] {
  const [job] = finished;
  if (!job) return null;
  return { text: t(endings[job.state], { title: jobTitle(job) }), failed: job.state === 'error' };
}

const endings: Readonly<Record<Job['state'], TextKey>> = {
  queued: 'mini.last.queued',
  running: 'mini.last.running',
  success: 'mini.last.success',
  error: 'mini.last.error',
  interrupted: 'mini.last.interrupted',
  cancelled: 'mini.last.cancelled',
  lost: 'mini.last.lost',
  ended: 'mini.last.ended',
};

function figures(
  { telemetry, facts }: ServerState,
  now: number,
): Pick<MiniModel, 'gpu' | 'vram' | 'temperature'> {
  const { load, vram, temperature, gpus, busy } = machineGlance(telemetry, now, isCpuOnly(facts.devices));
  const isOne = gpus === 1;
  const busiest = busy === null ? t('mini.busiest', { gpus }) : t('mini.busiest_of', { gpus, busy });
  return {
    gpu: load && {
      value: formatPercent(load.value),
      hint: isOne || busy === null ? null : t('mini.busy_of', { busy, gpus }),
      words: isOne ? null : busiest,
    },
    vram: vram && {
      value: formatPercent(vram.value),
      hint: isOne ? null : t('mini.gpu_number', { number: vram.gpu ?? '' }),
      words: isOne ? null : t('mini.fullest', { gpus }),
    },
    temperature: temperature && {
      value: `${Math.round(temperature.value)} °C`,
      hint: null,
      words: isOne ? null : t('mini.hottest', { gpus, number: temperature.gpu ?? '' }),
    },
  };
}
