import { isTemporary, type MediaFile } from './executed-output.ts';
import { formatCount, formatDuration } from './format.ts';
import { type Job, jobElapsed, jobTitle } from './job.ts';
import { newlyFinished } from './job-lists.ts';
import { findJob, type MonitorState, type ServerState, serverStateOf } from './monitor-state.ts';
import type { NotificationPreferences } from './preferences.ts';

/** A native notification about one job. */
export interface JobNotification {
  serverId: string;
  promptId: string;
  title: string;
  body: string;
  /** Shown with it where the platform can: the first image that came out. */
  picture: MediaFile | null;
  /** Failures stay until they are seen, where the platform can tell. */
  urgent: boolean;
}

/** A job that has finished and is not told about yet; `since` is when we learnt of it, ms. */
export interface FinishedNews {
  serverId: string;
  promptId: string;
  since: number;
}

/** How long news wait for the history, which knows title, outputs and exact times, ms. */
const patience = 1_000;

/** What finished in the step from one state to the next; every job is news once. */
export function finishedNews(before: MonitorState, after: MonitorState, now: number): FinishedNews[] {
  if (before.servers === after.servers) return [];
  return after.servers.flatMap((server) =>
    newlyFinished(serverStateOf(before, server.server.id), server).map(({ serverId, promptId }) => ({
      serverId,
      promptId,
      since: now,
    })),
  );
}

/** Parts news into what can be told now and what is better told when the history was read. */
export function tellNews(
  news: readonly FinishedNews[],
  state: MonitorState,
  wanted: NotificationPreferences,
  now: number,
): { told: JobNotification[]; waiting: FinishedNews[] } {
  const told: JobNotification[] = [];
  const waiting: FinishedNews[] = [];
  for (const item of news) {
    const server = serverStateOf(state, item.serverId);
    const job = server ? findJob(server, item.promptId) : undefined;
    if (!server || !job || !isWanted(job, wanted)) continue;
    const complete = job.source === 'history' || server.facts.rest === 'absent';
    if (complete || job.state === 'lost' || now - item.since >= patience)
      told.push(notificationFor(server, job, state.servers.length > 1));
    else waiting.push(item);
  }
  return { told, waiting };
}

function isWanted(job: Job, wanted: NotificationPreferences): boolean {
  switch (job.state) {
    case 'success':
      return wanted.finished;
    case 'error':
    case 'lost':
      return wanted.failed;
    default:
      // Interrupted and cancelled: somebody did that on purpose.
      return false;
  }
}

function notificationFor(server: ServerState, job: Job, several: boolean): JobNotification {
  const from = several ? [`on ${server.server.name}`] : [];
  const about = { serverId: job.serverId, promptId: job.promptId };
  if (job.state === 'lost')
    return {
      ...about,
      title: `Lost: ${jobTitle(job)}`,
      body: ['It is neither in the queue nor in the history any more.', ...from].join(' '),
      picture: null,
      urgent: true,
    };
  const elapsed = jobElapsed(job, job.finishedAt ?? 0);
  const took = elapsed === null ? [] : [formatDuration(elapsed)];
  if (job.state === 'error')
    return {
      ...about,
      title: `Failed: ${jobTitle(job)}`,
      body: [errorLine(job), [...took.map((time) => `After ${time}`), ...from].join(' ')]
        .filter((line) => line !== '')
        .join('\n'),
      picture: null,
      urgent: true,
    };
  return {
    ...about,
    title: `Finished: ${jobTitle(job)}`,
    body: [...took, ...outputLine(job), ...from].join(' · '),
    picture: job.outputs.find((output) => output.kind === 'image' && !isTemporary(output))?.file ?? null,
    urgent: false,
  };
}

function errorLine(job: Job): string {
  if (!job.error) return '';
  const message = job.error.message.trim().split('\n')[0] ?? '';
  const short = message.length > 140 ? `${message.slice(0, 139)}…` : message;
  return job.error.nodeType ? `${job.error.nodeType}: ${short}` : short;
}

const nouns = {
  image: ['image', 'images'],
  animation: ['animation', 'animations'],
  video: ['video', 'videos'],
  audio: ['audio file', 'audio files'],
  text: ['text', 'texts'],
  model3d: ['3D model', '3D models'],
  file: ['file', 'files'],
} as const;

/** What came out, the kind of the first one named: `3 images`, `1 video and 2 more`. */
function outputLine(job: Job): string[] {
  const saved = job.outputs.filter((output) => !isTemporary(output));
  const kind = saved[0]?.kind;
  if (!kind) return [];
  const same = saved.filter((output) => output.kind === kind).length + job.outputsOmitted;
  const others = saved.length + job.outputsOmitted - same;
  const text = formatCount(same, nouns[kind][0], nouns[kind][1]);
  return [others > 0 ? `${text} and ${others} more` : text];
}
