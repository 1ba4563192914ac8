import type { Job } from '../../domain/jobs/job.ts';
import { jobTitle } from '../../domain/jobs/job-titles.ts';
import { jobOutlook } from '../../domain/jobs/outlook/job-outlook.ts';
import { headlineText } from '../../domain/jobs/outlook/outlook-text.ts';
import type { MonitorState, ServerState } from '../../domain/monitor-state.ts';
import { isReached } from '../../domain/server.ts';
import { t } from '../../language/t.ts';

const appName = 'Comfy Monitor';
const marks = { success: '✓', error: '✗' } as const;

/**
 * The title of the window or tab: the job that runs on the shown server, else on any other. While the page
 * is out of sight, since `unseenSince` (ms since the epoch), it is marked with how jobs ended meanwhile. `now` is by the
 * clock of the state, of which `wallTimeOf` makes times of day.
 */
export function pageTitle(
  state: MonitorState,
  shownServerId: string | null,
  unseenSince: number | null,
  now: number,
  wallTimeOf: (at: number) => number,
): string {
  const news = unseenSince === null ? null : unseenNews(state, unseenSince);
  const mark = news ? `${marks[news.outcome]} ` : '';
  const server = runningServer(state, shownServerId);
  const [job] = server?.running ?? [];
  if (server && job) {
    const progress = headlineText(job, jobOutlook(server, job, now), wallTimeOf) ?? t('frame.running');
    return `${mark}${progress} · ${jobTitle(job)} — ${appName}`;
  }
  return news ? `${mark}${jobTitle(news.job)} — ${appName}` : appName;
}

function runningServer(state: MonitorState, shownServerId: string | null): ServerState | undefined {
  const connected = state.servers.filter((server) => isReached(server.connection.phase));
  const shown = connected.find((server) => server.server.id === shownServerId);
  return shown?.running[0] ? shown : connected.find((server) => server.running.length > 0);
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
