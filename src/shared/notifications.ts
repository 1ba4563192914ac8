import { isTemporary, type MediaFile } from './executed-output.ts';
import { formatCount, formatDuration } from './format.ts';
import { type Job, jobElapsed, jobTitle } from './job.ts';
import { newlyFinished } from './job-lists.ts';
import type { MonitorState, ServerState } from './monitor-state.ts';
import { serverStateOf } from './monitor-state.ts';
import type { Settings } from './settings.ts';

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

/** What to tell people about the step from one state to the next; each job is told about once. */
export function jobNotifications(
  before: MonitorState,
  after: MonitorState,
  wanted: Settings['notifications'],
): JobNotification[] {
  if (before.servers === after.servers) return [];
  const several = after.servers.length > 1;
  return after.servers.flatMap((server) =>
    newlyFinished(serverStateOf(before, server.server.id), server)
      .filter((job) => isWanted(job, wanted))
      .map((job) => notificationFor(server, job, several)),
  );
}

function isWanted(job: Job, wanted: Settings['notifications']): boolean {
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
      body: ['The server restarted while it ran.', ...from].join(' '),
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
