import { hostNow } from '../../comfy/host-clock.ts';
import type { ServerMonitor } from '../../comfy/server-monitor.ts';
import type { CallHandlers } from '../../contract/bridge/bridge-host.ts';
import type { Preferences } from '../../contract/preferences.ts';
import type { Announcement } from '../../domain/news/announcement.ts';
import { comingPictures } from '../../domain/news/coming-pictures.ts';
import { followNews } from '../../domain/news/follow-news.ts';
import { minuteOfDay } from '../../domain/news/quiet-hours.ts';
import type { MediaFile } from '../../domain/outputs/executed-output.ts';
import type { MonitorStore } from '../../domain/store.ts';
import type { AnnouncedPrompts } from './announced-prompts.ts';
import { createNotificationPictures } from './notification-picture.ts';

/** Tells the user what happened. */
export interface NewsTeller {
  tell(announcement: Announcement): void;
  /** Whether the user has the window before them. */
  isFocused(): boolean;
}

/** What is worth a notification, and whether any are wanted now. */
export interface News {
  /** Tells of everything worth a notification from now on, once, until `stop` or the next teller. */
  tell(teller: NewsTeller): void;
  /** An executed image as a JPEG for a notification, soon or not at all. Never rejects. */
  picture(serverId: string, file: MediaFile): Promise<Buffer | null>;
  /** No notifications until then (ms since the epoch); null ends a pause. */
  pause(until: number | null): void;
  /** When a pause ends, ms since the epoch; null when notifications are not paused. */
  pausedUntil(): number | null;
  /** Hears when notifications are paused, or are no longer; returns what ends it. */
  onPause(listener: () => void): () => void;
  readonly calls: Pick<CallHandlers, 'pauseNotifications'>;
  /** Resolves when it is written what was announced. */
  stop(): Promise<void>;
}

export interface NewsOptions {
  store: MonitorStore;
  announced: AnnouncedPrompts;
  preferences: () => Preferences;
  monitorOf: (serverId: string) => ServerMonitor | undefined;
}

export function createNews({ store, announced, preferences, monitorOf }: NewsOptions): News {
  const pictures = createNotificationPictures();
  const pauseListeners = new Set<() => void>();
  let stopTelling = (): void => {};

  function pausedUntil(): number | null {
    const until = announced.pausedUntil;
    return until !== null && until > Date.now() ? until : null;
  }

  function pause(until: number | null): void {
    announced.pause(until);
    for (const listener of pauseListeners) listener();
  }

  /** Until the returned function is called. */
  function askForPicturesAhead({ isFocused }: NewsTeller): () => void {
    const unsubscribe = store.subscribe((after, before) => {
      if (after.servers === before.servers) return;
      const coming = comingPictures(before, after, {
        now: hostNow(),
        preferences: preferences(),
        focused: isFocused(),
        // Over, or not: those that are over are none.
        pausedUntil: pausedUntil() === null ? null : Number.POSITIVE_INFINITY,
        minuteOfDay: minuteOfDay(Date.now()),
      });
      for (const { serverId, file } of coming) {
        const monitor = monitorOf(serverId);
        if (monitor) pictures.askAhead(monitor.rest, file);
      }
    });
    return () => {
      unsubscribe();
      pictures.stop();
    };
  }

  return {
    tell(teller) {
      stopTelling();
      const stopAsking = askForPicturesAhead(teller);
      const stopFollowing = followNews({
        store,
        now: hostNow,
        wallNow: Date.now,
        preferences,
        isFocused: teller.isFocused,
        pausedUntil,
        ledger: announced.ledger,
        keep: announced.keep,
        tell: teller.tell,
        later(run, ms) {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      });
      stopTelling = () => {
        stopFollowing();
        stopAsking();
      };
    },
    async picture(serverId, file) {
      const monitor = monitorOf(serverId);
      return monitor ? pictures.picture(monitor.rest, file) : null;
    },
    pause,
    pausedUntil,
    onPause(listener) {
      pauseListeners.add(listener);
      return () => pauseListeners.delete(listener);
    },
    calls: { pauseNotifications: ({ until }) => pause(until) },
    stop() {
      stopTelling();
      return announced.saved();
    },
  };
}
