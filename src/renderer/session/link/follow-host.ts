import type { Bridge } from '../../../contract/bridge/bridge.ts';
import type { HostInfo } from '../../../contract/host-info.ts';
import type { Notice } from '../../../contract/notice.ts';
import type { Preferences } from '../../../contract/preferences.ts';
import type { EventBatch } from '../../../contract/snapshot.ts';
import type { MonitorStore } from '../../../domain/store.ts';

/** What the page needs to know of its host besides the monitored state. */
export interface HostView {
  host: HostInfo;
  notices: Notice[];
  preferences: Preferences;
  /** Ms since the epoch; null when they are not paused. */
  notificationsPausedUntil: number | null;
}

/** Most batches that are kept for a snapshot that is on its way: what comes in ten seconds. Then a newer one is due. */
const maxEarly = 200;

export interface Following {
  /** Takes a fresh snapshot, for example after the way to the host was interrupted. */
  refresh(): void;
  stop(): void;
}

/**
 * Keeps a page's store equal to its host's: takes a snapshot, applies the batches that follow, and takes
 * a new snapshot when a number is missing (a batch was lost, or the host was restarted). `onHost` gets
 * what the host is and has to say: all of it with each snapshot, then what changed. `onFailure` is called whenever
 * the host cannot be asked: then nothing is followed, and nothing kept, until `refresh`. `onTime` gets what the
 * host's clock says, or, not `exact`, that it has come to this at least.
 */
export function followHost(
  bridge: Bridge,
  store: MonitorStore,
  onHost: (change: Partial<HostView>) => void,
  onFailure: (cause: unknown) => void,
  onTime: (at: number, exact: boolean) => void = () => {},
): Following {
  let applied: number | null = null; // null while a snapshot is on its way
  let early: EventBatch[] | null = null; // null unless a snapshot is on its way
  let known = false; // whether the host's view is
  let stopped = false;
  let request = 0;

  async function start(): Promise<void> {
    applied = null;
    early ??= [];
    request += 1;
    const asked = request;
    // Of several on their way, only what was asked for last counts.
    const isOld = () => stopped || asked !== request;
    try {
      const { sequence, now, state, ...rest } = await bridge.call('getSnapshot', undefined);
      if (isOld()) return;
      applied = sequence;
      onTime(now, true);
      store.replace(state);
      known = true;
      onHost(rest);
      const batches = early;
      early = null;
      for (const batch of batches) take(batch);
    } catch (cause) {
      if (isOld()) return;
      // The next snapshot has them all.
      early = null;
      known = false;
      onFailure(cause);
    }
  }

  function take(batch: EventBatch): void {
    if (applied === null) {
      early?.push(batch);
      if (early && early.length > maxEarly) early.shift();
      return;
    }
    if (batch.last <= applied) return; // already in the snapshot
    if (batch.first > applied + 1 || batch.first <= applied) {
      early = batch.first > applied + 1 ? [batch] : [];
      void start();
      return;
    }
    applied = batch.last;
    const last = batch.events.at(-1);
    if (last) onTime(last.at, false);
    store.apply(batch.events);
  }

  const endEvents = bridge.on('events', take);
  const endHost = bridge.on('host', (host) => change({ host }));
  const endNotices = bridge.on('notices', (notices) => change({ notices }));
  const endPreferences = bridge.on('preferences', (preferences) => change({ preferences }));
  const endPause = bridge.on('notificationsPaused', ({ until }) =>
    change({ notificationsPausedUntil: until }),
  );

  function change(part: Partial<HostView>): void {
    if (known) onHost(part);
  }

  void start();
  return {
    refresh() {
      void start();
    },
    stop() {
      stopped = true;
      endEvents();
      endHost();
      endNotices();
      endPreferences();
      endPause();
    },
  };
}
