import type { Attention } from '../contract/attention.ts';
import type { EventBatch } from '../contract/snapshot.ts';
import type { MonitorEvent, MonitorEventType } from '../domain/monitor-event.ts';
import { jsonSize } from './page/json-size.ts';

/**
 * How long events are gathered before a page gets them, ms. Most of them only move a figure, a bar or a picture on: twice a
 * second is enough for the eye, once beside other work, and drawing is what a page in sight costs. What begins, ends or
 * changes comes at once.
 */
const promptInterval = 100;
const movingInterval = { focused: 500, aside: 1_000 };
export const hiddenInterval = 1_000;
const moving: ReadonlySet<MonitorEventType> = new Set([
  'step_reached',
  'node_states_reported',
  'preview_received',
  'telemetry_sampled',
]);
/** A page that falls so many events, or so many characters of JSON, behind is sent a new snapshot instead. */
export const maxGathered = 5_000;
export const maxGatheredSize = 4 * 2 ** 20;

/** Numbers every event and hands them to pages in batches. */
export interface EventFeed {
  push(event: MonitorEvent): void;
  subscribe(send: (batch: EventBatch) => void): FeedSubscription;
}

/** One page's share of the feed. */
interface FeedSubscription {
  /** The less a page is looked at, the more rarely it is sent what happens. */
  setAttention(attention: Attention): void;
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

/** `onFailure` hears why a page could not be sent something; it takes a snapshot then. */
export function createEventFeed(
  clock: FeedClock = realClock,
  onFailure: (cause: unknown) => void = () => {},
): EventFeed {
  let sequence = 0;
  const subscriptions = new Set<Subscription>();
  return {
    push(event) {
      sequence += 1;
      let size: number | null = null;
      for (const subscription of subscriptions) {
        if (!subscription.isListening()) continue;
        size ??= jsonSize(event, maxGatheredSize);
        subscription.gather(event, size);
      }
    },
    subscribe(send) {
      const subscription = createSubscription(
        send,
        clock,
        onFailure,
        () => sequence,
        () => subscriptions.delete(subscription),
      );
      subscriptions.add(subscription);
      return subscription;
    },
  };
}

interface Subscription extends FeedSubscription {
  /** Whether it has any use for events now. */
  isListening(): boolean;
  /** `size` is that of the event, characters of JSON. */
  gather(event: MonitorEvent, size: number): void;
}

function createSubscription(
  send: (batch: EventBatch) => void,
  clock: FeedClock,
  onFailure: (cause: unknown) => void,
  sequence: () => number,
  onClose: () => void,
): Subscription {
  let gathered: MonitorEvent[] = [];
  let gatheredSize = 0;
  let first = sequence() + 1;
  /** The page misses something; a batch that does not connect to its last one will tell it. */
  let isBehind = false;
  let attention: Attention = 'focused';
  /** Something that is gathered is more than a movement. */
  let isUrgent = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  let timer: { cancel(): void } | null = null;
  // Until its first snapshot a page could do nothing with events.
  let started = false;
  /** The number of the newest event when the page was paused; null while it is not. */
  let pausedAt: number | null = null;

  function flush(): void {
    timer = null;
    if (gathered.length === 0 && !isBehind) return;
    const batch = { first, last: sequence(), events: gathered };
    clear();
    isBehind = false;
    sentAt = clock.now();
    try {
      send(batch);
    } catch (cause) {
      onFailure(cause);
      isBehind = true;
      plan();
    }
  }

  function clear(): void {
    gathered = [];
    gatheredSize = 0;
    isUrgent = false;
    first = sequence() + 1;
  }

  function plan(): void {
    timer ??= clock.setTimeout(flush, Math.max(0, sentAt + interval() - clock.now()));
  }

  function interval(): number {
    if (attention === 'hidden') return hiddenInterval;
    return isUrgent || isBehind ? promptInterval : movingInterval[attention];
  }

  function planAnew(): void {
    if (!timer) return;
    stopTimer();
    plan();
  }

  function stopTimer(): void {
    timer?.cancel();
    timer = null;
  }

  function forget(): void {
    stopTimer();
    clear();
    isBehind = false;
  }

  return {
    isListening: () => started && pausedAt === null,
    gather(event, size) {
      if (event.type === 'preview_received')
        gathered = gathered.filter((other) => !isOlderPreview(other, event));
      gathered.push(event);
      gatheredSize += size;
      if (gathered.length > maxGathered || gatheredSize > maxGatheredSize) {
        clear();
        isBehind = true;
      }
      if (!isUrgent && !moving.has(event.type)) {
        isUrgent = true;
        planAnew();
      }
      plan();
    },
    setAttention(paid) {
      attention = paid;
      planAnew();
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
      isBehind = started;
      flush();
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
