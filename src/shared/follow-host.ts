import type { Bridge, EventBatch, HostInfo, Notice } from './bridge.ts';
import type { Preferences } from './preferences.ts';
import type { MonitorStore } from './store.ts';

/** What the page needs to know of its host besides the monitored state. */
export interface HostView {
  host: HostInfo;
  notices: Notice[];
  preferences: Preferences;
  /** Ms since the epoch; null when they are not paused. */
  notificationsPausedUntil: number | null;
}

export interface Following {
  /** Takes a fresh snapshot, for example after the way to the host was interrupted. */
  refresh(): void;
  stop(): void;
}

/**
 * Keeps a page's store equal to its host's: takes a snapshot, applies the batches that follow, and takes
 * a new snapshot when a number is missing (a batch was lost, or the host was restarted). `onHost` is
 * told what the host is and what it has to say, `onFailure` when the host cannot be asked.
 */
export function followHost(
  bridge: Bridge,
  store: MonitorStore,
  onHost: (view: HostView) => void,
  onFailure: (cause: unknown) => void,
): Following {
  let applied: number | null = null; // null while a snapshot is on its way
  let waiting: EventBatch[] = [];
  let view: HostView | null = null;
  let stopped = false;

  async function start(): Promise<void> {
    applied = null;
    try {
      const { sequence, state, ...rest } = await bridge.call('getSnapshot', undefined);
      if (stopped) return;
      applied = sequence;
      store.replace(state);
      view = rest;
      onHost(view);
      const early = waiting;
      waiting = [];
      for (const batch of early) take(batch);
    } catch (cause) {
      waiting = [];
      if (!stopped) onFailure(cause);
    }
  }

  function take(batch: EventBatch): void {
    if (applied === null) {
      waiting.push(batch);
      return;
    }
    if (batch.last <= applied) return; // already in the snapshot
    if (batch.first > applied + 1 || batch.first <= applied) {
      waiting = batch.first > applied + 1 ? [batch] : [];
      void start();
      return;
    }
    applied = batch.last;
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
    if (!view) return;
    view = { ...view, ...part };
    onHost(view);
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
