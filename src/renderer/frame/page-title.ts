import type { Job } from '../../domain/jobs/job.ts';
import { jobFraction } from '../../domain/jobs/job-progress.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import type { MonitorState } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';
import { formatFraction } from '../../domain/text/format.ts';

const appName = 'Comfy Monitor';
const marks = { success: '✓', error: '✗' } as const;

/**
 * The title of the window or tab: the job that runs on the shown server, else on any other. While the page
 * is out of sight, since `unseenSince` (ms since the epoch), it is marked with how jobs ended meanwhile.
 */
export function pageTitle(
  state: MonitorState,
  shownServerId: string | null,
  unseenSince: number | null = null,
): string {
  const news = unseenSince === null ? null : unseenNews(state, unseenSince);
  const mark = news ? `${marks[news.outcome]} ` : '';
  const job = runningJob(state, shownServerId);
  if (job) {
    const fraction = jobFraction(job);
    const progress = fraction === null ? 'Running' : formatFraction(fraction);
    return `${mark}${progress} · ${jobTitle(job)} — ${appName}`;
  }
  return news ? `${mark}${jobTitle(news.job)} — ${appName}` : appName;
}

function runningJob(state: MonitorState, shownServerId: string | null): Job | undefined {
  const connected = state.servers.filter((server) => isReached(server.connection.phase));
  const shown = connected.find((server) => server.server.id === shownServerId);
  return shown?.running[0] ?? connected.find((server) => server.running.length > 0)?.running[0];
}

/** The last job that failed after `since`, else the last one that was done. */
function unseenNews(state: MonitorState, since: number): { job: Job; outcome: keyof typeof marks } | null {
  const ended = state.servers
    .flatMap(({ finished, watchedSince }) =>
      // What ended before we first got through is history.
      finished.filter(
        (job) => endOf(job) > since && endOf(job) >= (watchedSince ?? Number.POSITIVE_INFINITY),
      ),
    )
    .sort((a, b) => endOf(b) - endOf(a));
  for (const outcome of ['error', 'success'] as const) {
    const job = ended.find(({ state: end }) => end === outcome);
    if (job) return { job, outcome };
  }
  return null;
}

function endOf(job: Job): number {
  return job.finishedAt ?? 0;
}
