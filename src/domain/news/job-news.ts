import type { TextKey } from '../../language/english.ts';
import { t } from '../../language/t.ts';
import { isFinished, type Job, jobElapsed, wasAllCached } from '../jobs/job.ts';
import { newlyFinished } from '../jobs/job-lists.ts';
import { jobTitle } from '../jobs/job-titles.ts';
import { tookText } from '../jobs/outlook/outlook-text.ts';
import { findJob, type MonitorState, type ServerState, serverStateOf } from '../monitor-state.ts';
import { type ExecutedOutput, isTemporary, type MediaFile } from '../outputs/executed-output.ts';
import { clip } from '../text/clip.ts';
import { type ByteUnits, formatDuration } from '../text/format.ts';
import type { Announcement } from './announcement.ts';
import { type MemoryReport, memoryLine, memoryReport, outOf } from './memory-report.ts';
import type { NewsPreferences } from './news-preferences.ts';

/** A job that has finished and is not announced yet; `since` is when we learnt of it, ms. */
export interface JobNews {
  serverId: string;
  promptId: string;
  since: number;
}

/** A job as it is announced: everything the words are made of. */
export interface JobReport extends JobNews {
  job: Job;
  /** The server's name, where there are several. */
  serverName: string | null;
  /** What is known of the memory that it failed for want of; null if that was not why. */
  memory: MemoryReport | null;
}

/** How long news wait for the history, which knows title, outputs and exact times, ms. */
const patience = 1_000;

/**
 * What finished in the step from one state to the next. `told` are prompts that were announced before,
 * `carried` those that were live at the last look, before the app was closed or the host went
 * away: their end is news whenever it is learnt.
 */
export function finishedNews(
  before: MonitorState,
  after: MonitorState,
  now: number,
  known: { told: readonly string[]; carried: readonly string[] },
): JobNews[] {
  if (before.servers === after.servers) return [];
  return after.servers.flatMap((server) => {
    const earlier = serverStateOf(before, server.server.id);
    if (earlier?.finished === server.finished) return [];
    const seen = newlyFinished(earlier, server).filter(
      // What was seen live has not been announced. The same id can be queued again.
      (job) => isLive(earlier, job.promptId) || isNewRun(earlier, job) || !known.told.includes(job.promptId),
    );
    return [...carriedNews(earlier, server, known), ...seen].map(({ serverId, promptId }) => ({
      serverId,
      promptId,
      since: now,
    }));
  });
}

function carriedNews(
  before: ServerState | undefined,
  after: ServerState,
  { told, carried }: { told: readonly string[]; carried: readonly string[] },
): Job[] {
  if (carried.length === 0 || after.server.demo) return [];
  const fresh = new Set(newlyFinished(before, after).map((job) => job.promptId));
  return after.finished
    .filter(
      ({ promptId, state }) =>
        isFinished(state) &&
        carried.includes(promptId) &&
        !told.includes(promptId) &&
        !fresh.has(promptId) &&
        !before?.finished.some((job) => job.promptId === promptId),
    )
    .reverse();
}

function isLive(server: ServerState | undefined, promptId: string): boolean {
  const isIt = (job: Job): boolean => job.promptId === promptId;
  return server !== undefined && (server.running.some(isIt) || server.pending.some(isIt));
}

/** Whether an earlier run of the same prompt id was the last that was seen. */
function isNewRun(server: ServerState | undefined, { promptId, run }: Job): boolean {
  return server?.finished.some((job) => job.promptId === promptId && job.run !== run) ?? false;
}

/** Parts news into what can be announced now and what is better announced when the history was read. */
export function readyReports(
  news: readonly JobNews[],
  state: MonitorState,
  now: number,
): { ready: JobReport[]; waiting: JobNews[] } {
  const ready: JobReport[] = [];
  const waiting: JobNews[] = [];
  for (const item of news) {
    const server = serverStateOf(state, item.serverId);
    const job = server ? findJob(server, item.promptId) : undefined;
    if (!server || !job) continue;
    const complete = job.source === 'history' || server.facts.rest === 'absent';
    if (complete || job.state === 'lost' || job.state === 'ended' || now - item.since >= patience)
      ready.push({
        ...item,
        job,
        serverName: state.servers.length > 1 ? server.server.name : null,
        memory: memoryReport(job, server.telemetry, now),
      });
    else waiting.push(item);
  }
  return { ready, waiting };
}

/** When `waiting` news are announced at the latest, ms since the epoch. */
export function latestAnnouncement(waiting: readonly JobNews[]): number | null {
  return waiting.length === 0 ? null : Math.min(...waiting.map((item) => item.since)) + patience;
}

/** True for a job that the user wants to hear of. */
export function isWanted({ job, memory }: JobReport, preferences: NewsPreferences): boolean {
  const { notifications: wanted, alerts } = preferences;
  switch (job.state) {
    case 'success': {
      const elapsed = jobElapsed(job, job.finishedAt ?? 0);
      // Of unknown length is not known to be too short.
      return wanted.finished && (elapsed === null || elapsed >= wanted.atLeastSeconds * 1_000);
    }
    case 'ended':
      // It may have failed, and may have been done.
      return wanted.finished || wanted.failed;
    case 'error':
      return wanted.failed || (memory !== null && alerts.outOfMemory && wanted.alerts);
    case 'lost':
      return wanted.failed;
    case 'interrupted':
      return wanted.interrupted;
    default:
      // Taken out of the queue: a user did that on purpose, and nothing had begun.
      return false;
  }
}

export function isFailure({ job }: JobReport): boolean {
  return job.state === 'error' || job.state === 'lost';
}

/** One announcement about one or several jobs that ended, oldest first; `now` in ms. */
export function announceJobs(
  reports: readonly JobReport[],
  now: number,
  units: ByteUnits,
): Announcement | null {
  const [only, ...others] = reports;
  if (!only) return null;
  return others.length === 0 ? aboutOne(only, units) : aboutSeveral(reports, now);
}

function aboutOne({ job, serverName, memory }: JobReport, units: ByteUnits): Announcement {
  const from = serverName === null ? [] : [t('news.on_server', { server: serverName })];
  const elapsed = jobElapsed(job, job.finishedAt ?? 0);
  const took = elapsed === null ? [] : [formatDuration(elapsed)];
  const title = jobTitle(job);
  const about = {
    tag: `job ${job.promptId}`,
    job: { serverId: job.serverId, promptId: job.promptId },
    file: firstFile(job),
    picture: firstImage(job),
    urgent: false,
  };
  switch (job.state) {
    case 'lost':
      return {
        ...about,
        title: t('news.lost', { title }),
        body: [t('news.lost.body'), ...from].join(' '),
        urgent: true,
      };
    case 'ended':
      return {
        ...about,
        title: t('news.ended', { title }),
        body: [t('news.ended.body'), ...from].join(' '),
      };
    case 'error':
      return {
        ...about,
        title: memory ? t('news.out_of', { what: outOf(memory), title }) : t('news.failed', { title }),
        body: [
          errorLine(job),
          memory ? memoryLine(memory, units) : '',
          [...took.map((time) => t('news.after', { time })), ...from].join(' '),
        ]
          .filter((line) => line !== '')
          .join('\n'),
        urgent: true,
      };
    case 'interrupted':
      return {
        ...about,
        title: t('news.interrupted', { title }),
        body: [...took.map((time) => t('news.after', { time })), ...from].join(' '),
      };
    default:
      return {
        ...about,
        title: t('news.finished', { title }),
        body: [...expectation(job, elapsed), ...outputLine([job]), ...cachedLine(job), ...from].join(' · '),
      };
  }
}

function aboutSeveral(reports: readonly JobReport[], now: number): Announcement {
  const failed = reports.filter(isFailure);
  const interrupted = reports.filter(({ job }) => job.state === 'interrupted');
  const finished = reports.filter(({ job }) => job.state === 'success');
  const unknown = reports.filter(({ job }) => job.state === 'ended');
  const counts = [
    { count: finished.length, first: 'news.count.finished', more: 'news.count.finished' } as const,
    { count: failed.length, first: 'news.count.failed', more: 'news.more.failed' } as const,
    { count: interrupted.length, first: 'news.count.interrupted', more: 'news.more.interrupted' } as const,
    { count: unknown.length, first: 'news.count.ended', more: 'news.more.ended' } as const,
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, first, more }, place) => t(place === 0 ? first : more, { count }))
    .reduce((first, next) => t('news.counts', { first, next }));
  const minutes = Math.round((now - Math.min(...reports.map(({ since }) => since))) / 60_000);
  const outputs = outputLine(finished.map(({ job }) => job));
  const lines = [
    ...(failed.length > 0 ? [t('news.failed', { title: titles(failed) })] : []),
    ...(finished.length > 0 ? [[titles(finished), ...outputs].join(' · ')] : []),
    ...(interrupted.length > 0 ? [t('news.interrupted', { title: titles(interrupted) })] : []),
    ...(unknown.length > 0 ? [t('news.unknown', { titles: titles(unknown) })] : []),
  ];
  // What needs the user comes before what came last.
  const shown = failed.at(-1) ?? reports.at(-1);
  const newest = finished.at(-1)?.job;
  const showsNewest = newest !== undefined && shown?.promptId === newest.promptId;
  return {
    tag: `jobs ${reports[0]?.promptId}`,
    title: minutes >= 1 ? t('news.in_minutes', { counts, minutes }) : counts,
    body: lines.join('\n'),
    urgent: failed.length > 0,
    job: shown ? { serverId: shown.serverId, promptId: shown.promptId } : null,
    file: showsNewest ? firstFile(newest) : null,
    picture: showsNewest ? firstImage(newest) : null,
  };
}

function titles(reports: readonly JobReport[]): string {
  const shown = reports.slice(0, 3).map(({ job, memory }) => {
    const title = clip(jobTitle(job), 40);
    return memory ? t('news.title_why', { title, why: t(whyWords[memory.kind]) }) : title;
  });
  const some = shown.reduce((first, next) => t('news.titles', { first, next }));
  const count = reports.length - shown.length;
  return count > 0 ? t('news.and_more', { some, count }) : some;
}

function firstFile(job: Job): MediaFile | null {
  return job.outputs.find((output) => output.file && !isTemporary(output))?.file ?? null;
}

/** The picture of a notification about a job: its first image that was not only a preview. */
export function firstImage(job: Job): MediaFile | null {
  return job.outputs.find((output) => output.kind === 'image' && !isTemporary(output))?.file ?? null;
}

/** How long it took, and whether that is usual; nothing of the latter where it had nothing to do. */
function expectation(job: Job, elapsed: number | null): string[] {
  return elapsed === null ? [] : [tookText(elapsed, wasAllCached(job) ? null : job.usual)];
}

function cachedLine(job: Job): string[] {
  return wasAllCached(job) ? [t('news.cached')] : [];
}

function errorLine(job: Job): string {
  if (!job.error) return '';
  const short = clip(job.error.message.trim().split('\n')[0] ?? '', 140);
  return job.error.nodeType ? `${job.error.nodeType}: ${short}` : short;
}

const whyWords: Record<MemoryReport['kind'], TextKey> = {
  vram: 'news.why.vram',
  ram: 'news.why.ram',
  unified: 'news.why.unified',
};

const countWords: Record<ExecutedOutput['kind'], TextKey> = {
  image: 'news.made.image',
  animation: 'news.made.animation',
  video: 'news.made.video',
  audio: 'news.made.audio',
  text: 'news.made.text',
  model3d: 'news.made.model3d',
  file: 'news.made.file',
};

/** What came out, the kind of the first one named: `3 images`, `1 video and 2 more`. */
function outputLine(jobs: readonly Job[]): string[] {
  const saved = jobs.flatMap((job) => job.outputs).filter((output) => !isTemporary(output));
  const omitted = jobs.reduce((sum, job) => sum + job.outputsOmitted, 0);
  const kind = saved[0]?.kind;
  if (!kind) return [];
  const same = saved.filter((output) => output.kind === kind).length + omitted;
  const others = saved.length + omitted - same;
  const some = t(countWords[kind], { count: same });
  return [others > 0 ? t('news.and_more', { some, count: others }) : some];
}
