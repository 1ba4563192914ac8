import { t } from '../../language/t.ts';
import type { ServerState } from '../monitor-state.ts';
import { isReached } from '../server.ts';
import { type AlertWatch, newAlertWatch, watchAlerts } from './alerts/alert-watch.ts';
import { type Announcement, plainAnnouncement } from './announcement.ts';
import type { WatchCircumstances } from './watch-circumstances.ts';

/** A server that is back sooner than this was never worth a word, ms. */
export const lostAfter = 30_000;
/** Between two prompts of a client that queues one at a time, the queue is empty for a moment, ms. */
export const emptyAfter = 2_000;

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
  alerts: AlertWatch;
}

export const newWatch: ServerWatch = {
  lostSince: null,
  loss: 'unsaid',
  peak: 0,
  emptySince: null,
  alerts: newAlertWatch,
};

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
  const alerts = watchAlerts(watch.alerts, server, about);
  const steps = [connection, queue, alerts];
  return {
    watch: alerts.watch === watch.alerts ? queue.watch : { ...queue.watch, alerts: alerts.watch },
    announcements: steps.flatMap((step) => step.announcements),
    again: earliest([connection.again, queue.again]),
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
        ? [
            plainAnnouncement(
              tag,
              t('news.server.back', { name }),
              t('news.server.back.body', { span: spanOf(now - watch.lostSince) }),
            ),
          ]
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
      ? [plainAnnouncement(tag, t('news.server.lost', { name }), t('news.server.lost.body'))]
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
          plainAnnouncement(
            `queue ${server.server.id}`,
            t('news.queue_empty'),
            t('news.queue_empty.body', { name: server.server.name }),
          ),
        ]
      : [],
    again: null,
  };
}

function spanOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return t('time.seconds', { seconds: Math.round(ms / 1_000) });
  return minutes < 120
    ? t('time.minutes', { minutes })
    : t('time.hours', { hours: Math.round(minutes / 60) });
}
