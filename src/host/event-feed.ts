import type { EventBatch } from '../shared/bridge.ts';
import type { MonitorEvent } from '../shared/monitor-event.ts';

/** How long events are gathered before a page gets them, ms. */
export const visibleInterval = 100;
export const hiddenInterval = 1_000;
/** A page that falls this far behind is sent a new snapshot instead. */
export const maxGathered = 5_000;

/** Numbers every event and hands them to pages in batches. */
export interface EventFeed {
  /** Number of the newest event. */
  readonly sequence: number;
  push(event: MonitorEvent): void;
  subscribe(send: (batch: EventBatch) => void): FeedSubscription;
}

/** One page's share of the feed. */
export interface FeedSubscription {
  /** A page out of sight is sent what happens more rarely. */
  setVisible(visible: boolean): void;
  /**
   * Sends nothing until `resume`, which tells the page by the number of an empty batch whether it missed anything
   * and has to take a new snapshot. That is also what it gives.
   */
  pause(): void;
  resume(): boolean;
  /** Forgets what was gathered: the page just took a snapshot that has it all. Gives its number. */
  restart(): number;
  close(): void;
}

/** Timers as the feed needs them, so that tests can turn the clock. */
export interface FeedClock {
  now(): number;
  setTimeout(run: () => void, ms: number): { cancel(): void };
}

const realClock: FeedClock = {
  now: () => performance.now(),
  setTimeout(run, ms) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

export function createEventFeed(clock: FeedClock = realClock): EventFeed {
  let sequence = 0;
  const subscriptions = new Set<Subscription>();
  return {
    get sequence() {
      return sequence;
    },
    push(event) {
      sequence += 1;
      for (const subscription of subscriptions) subscription.gather(event, sequence);
    },
    subscribe(send) {
      const subscription = createSubscription(
        send,
        clock,
        () => sequence,
        () => subscriptions.delete(subscription),
      );
      subscriptions.add(subscription);
      return subscription;
    },
  };
}

interface Subscription extends FeedSubscription {
  gather(event: MonitorEvent, number: number): void;
}

function createSubscription(
  send: (batch: EventBatch) => void,
  clock: FeedClock,
  sequence: () => number,
  onClose: () => void,
): Subscription {
  let gathered: MonitorEvent[] = [];
  let first = sequence() + 1;
  let interval = visibleInterval;
  let sentAt = Number.NEGATIVE_INFINITY;
  let timer: { cancel(): void } | null = null;
  // Until its first snapshot a page could do nothing with events.
  let started = false;
  /** The number of the newest event when the page was paused; null while it is not. */
  let pausedAt: number | null = null;

  function flush(): void {
    timer = null;
    if (gathered.length === 0) return;
    const batch = { first, last: sequence(), events: gathered };
    gathered = [];
    first = sequence() + 1;
    sentAt = clock.now();
    send(batch);
  }

  function plan(): void {
    timer ??= clock.setTimeout(flush, Math.max(0, sentAt + interval - clock.now()));
  }

  function stopTimer(): void {
    timer?.cancel();
    timer = null;
  }

  function forget(): void {
    stopTimer();
    gathered = [];
    first = sequence() + 1;
  }

  return {
    gather(event, number) {
      if (!started || pausedAt !== null) return;
      if (event.type === 'preview_received')
        gathered = gathered.filter((other) => !isOlderPreview(other, event));
      gathered.push(event);
      if (gathered.length > maxGathered) {
        // The next batch will not connect to the last one, which makes the page ask for a snapshot.
        gathered = [event];
        first = number;
      }
      plan();
    },
    setVisible(visible) {
      interval = visible ? visibleInterval : hiddenInterval;
      if (timer) {
        stopTimer();
        plan();
      }
    },
    pause() {
      pausedAt ??= sequence();
      forget();
    },
    resume() {
      if (pausedAt === null) return false;
      const hasMissed = sequence() !== pausedAt;
      pausedAt = null;
      first = sequence() + 1;
      if (started) send({ first, last: sequence(), events: [] });
      return hasMissed;
    },
    restart() {
      forget();
      started = true;
      return sequence();
    },
    close() {
      stopTimer();
      onClose();
    },
  };
}

function isOlderPreview(event: MonitorEvent, newer: MonitorEvent): boolean {
  return event.type === 'preview_received' && event.serverId === newer.serverId;
}
