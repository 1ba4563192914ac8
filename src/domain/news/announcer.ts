import type { Job } from '../jobs/job.ts';
import { type MonitorState, type ServerState, serverStateOf } from '../monitor-state.ts';
import type { Announcement } from './announcement.ts';
import {
  announceJobs,
  finishedNews,
  isFailure,
  isWanted,
  type JobNews,
  type JobReport,
  latestAnnouncement,
  readyReports,
} from './job-news.ts';
import type { NewsPreferences } from './news-preferences.ts';
import { ledgerOf, type PromptLedger, withIds } from './prompt-ledger.ts';
import { isQuiet } from './quiet-hours.ts';
import { earliest, newWatch, type ServerWatch, watchServer } from './server-watch.ts';

/** So many announcements of jobs are made one by one; one more is granted every so often (ms). */
const allowance = 3;
export const grantEvery = 30_000;
/** Failures are not held back longer than this after the last announcement, ms. */
const failureWait = 10_000;
const maxHeld = 500;
const maxCarried = 1_000;

/** Everything that has to be remembered to announce every piece of news once, and not too many of them. */
export interface Announcer {
  /** Finished, and waiting for the history to say more. */
  news: JobNews[];
  /** To be announced together as soon as there is an allowance. */
  held: JobReport[];
  left: number;
  grantedAt: number;
  saidAt: number;
  told: readonly string[];
  /** Prompts that were live when they were last seen, and not seen since. */
  carried: readonly string[];
  watches: ReadonlyMap<string, ServerWatch>;
}

export interface Circumstances {
  now: number;
  preferences: NewsPreferences;
  /** That the user has the window before them. */
  focused: boolean;
  /** Ms since the epoch. */
  pausedUntil: number | null;
  minuteOfDay: number;
}

export interface AnnouncerStep {
  announcer: Announcer;
  announcements: Announcement[];
  /** When to take the next step even if nothing happens, ms since the epoch. */
  again: number | null;
}

/** An announcer that takes over where the one before it ended. */
export function newAnnouncer({ told, live }: PromptLedger): Announcer {
  return {
    news: [],
    held: [],
    left: allowance,
    grantedAt: 0,
    saidAt: Number.NEGATIVE_INFINITY,
    told,
    carried: live,
    watches: new Map(),
  };
}

/** What to keep for the next announcer. News that were not announced yet are news for that one. */
export function ledgerFor({ told, carried, news, held }: Announcer, state: MonitorState): PromptLedger {
  const unannounced = [...news, ...held]
    .filter(({ serverId }) => !serverStateOf(state, serverId)?.server.demo)
    .map(({ promptId }) => promptId);
  return ledgerOf(state, told, [...carried, ...unannounced]);
}

/** True unless the user wants no word now. */
export function isAudible({ now, preferences, focused, pausedUntil, minuteOfDay }: Circumstances): boolean {
  const { notWhileFocused, quietHours } = preferences.notifications;
  if (pausedUntil !== null && now < pausedUntil) return false;
  return !(notWhileFocused && focused) && !isQuiet(quietHours, minuteOfDay);
}

/** Takes the step from one state to the next, or lets time pass between the same two. */
export function announce(
  announcer: Announcer,
  before: MonitorState,
  after: MonitorState,
  circumstances: Circumstances,
): AnnouncerStep {
  const { now } = circumstances;
  const audible = isAudible(circumstances);
  const fresh = finishedNews(before, after, now, announcer);
  const { ready, waiting } = readyReports([...announcer.news, ...fresh], after, now);
  const wanted = audible ? ready.filter((report) => isWanted(report, circumstances.preferences)) : [];
  const jobs = release(
    { ...announcer, news: waiting, held: [...announcer.held, ...wanted].slice(-maxHeld) },
    circumstances,
  );
  const servers = watchServers(announcer.watches, after, { ...circumstances, audible });

  // Held back means not announced yet: an app that is closed now has to announce it at the next start.
  const silent = ready.filter((report) => !wanted.includes(report));
  const settled = [...silent, ...jobs.said].filter(
    ({ serverId }) => !serverStateOf(after, serverId)?.server.demo,
  );
  return {
    announcer: {
      ...jobs.announcer,
      told: settled.length === 0 ? announcer.told : withIds(announcer.told, idsOf(settled)),
      carried: carriedOn(announcer.carried, before, after, idsOf([...fresh, ...settled])),
      watches: servers.watches,
    },
    announcements: [...jobs.announcements, ...servers.announcements],
    again: earliest([latestAnnouncement(waiting), jobs.again, servers.again]),
  };
}

/** Tells what is held if there is an allowance for it: one job in full, several in one. */
function release(announcer: Announcer, { now, preferences }: Circumstances) {
  const grants = Math.floor((now - announcer.grantedAt) / grantEvery);
  const left = Math.min(allowance, announcer.left + Math.max(0, grants));
  const grantedAt = left === allowance ? now : announcer.grantedAt + Math.max(0, grants) * grantEvery;
  const { held } = announcer;
  const failureAt = held.some(isFailure) ? announcer.saidAt + failureWait : null;
  const mayAnnounce = left > 0 || (failureAt !== null && now >= failureAt);
  const announcement = mayAnnounce ? announceJobs(held, now, preferences.charts.units) : null;
  if (!announcement)
    return {
      announcer: { ...announcer, left, grantedAt },
      announcements: [],
      said: [],
      again: held.length === 0 ? null : earliest([grantedAt + grantEvery, failureAt]),
    };
  return {
    announcer: { ...announcer, left: Math.max(0, left - 1), grantedAt, saidAt: now, held: [] },
    announcements: [announcement],
    said: held,
    again: null,
  };
}

function watchServers(
  before: ReadonlyMap<string, ServerWatch>,
  state: MonitorState,
  about: Circumstances & { audible: boolean },
) {
  const steps = state.servers.map((server) => {
    const { id } = server.server;
    return { id, ...watchServer(before.get(id) ?? newWatch, server, about) };
  });
  const same = steps.length === before.size && steps.every(({ id, watch }) => before.get(id) === watch);
  return {
    watches: same ? before : new Map(steps.map(({ id, watch }) => [id, watch])),
    announcements: steps.flatMap((step) => step.announcements),
    again: earliest(steps.map((step) => step.again)),
  };
}

/** Who was live and is now nowhere to be found (the host was restarted, say) may be found to have ended. */
function carriedOn(
  carried: readonly string[],
  before: MonitorState,
  after: MonitorState,
  settled: readonly string[],
): readonly string[] {
  const gone = before.servers.flatMap((server) => vanished(server, serverStateOf(after, server.server.id)));
  if (gone.length === 0 && settled.length === 0) return carried;
  return withIds(
    carried.filter((id) => !settled.includes(id)),
    gone,
    maxCarried,
  );
}

function vanished(before: ServerState, after: ServerState | undefined): string[] {
  if (before === after || before.server.demo) return [];
  const left = [
    ...missing(before.running, after?.running ?? []),
    ...missing(before.pending, after?.pending ?? []),
  ];
  if (left.length === 0 || !after) return left;
  const known = new Set(idsOf([...after.running, ...after.pending, ...after.finished]));
  return left.filter((id) => !known.has(id));
}

/** Ids of jobs that a list had and has no more; this is asked at every event. */
function missing(before: readonly Job[], after: readonly Job[]): string[] {
  if (before === after) return [];
  const kept = new Set(idsOf(after));
  return idsOf(before).filter((id) => !kept.has(id));
}

function idsOf(items: readonly { promptId: string }[]): string[] {
  return items.map(({ promptId }) => promptId);
}
