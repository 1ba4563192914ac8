import { describe, expect, it } from 'vitest';
import type { EventBatch } from '../contract/snapshot.ts';
import { event } from '../domain/testing/builders.ts';
import {
  createEventFeed,
  type FeedClock,
  hiddenInterval,
  maxGathered,
  maxGatheredSize,
} from './event-feed.ts';

/** A clock that stands still until it is turned. */
function handClock(): FeedClock & { turn(ms: number): void } {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    setTimeout(run, ms) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return {
        cancel: () => {
          timers = timers.filter((other) => other !== timer);
        },
      };
    },
    turn(ms) {
      now += ms;
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.run();
    },
  };
}

function watchedFeed() {
  const clock = handClock();
  const feed = createEventFeed(clock);
  const batches: EventBatch[] = [];
  const page = feed.subscribe((batch) => batches.push(batch));
  return { clock, feed, batches, page };
}

const length = (n: number) => event(n, 'queue_length_changed', { length: n });
const preview = (revision: number) =>
  event(revision, 'preview_received', { promptId: 'p', nodeId: null, revision });

describe('the feed to a page', () => {
  it('sends nothing before the page took its snapshot, and then continues from its number', () => {
    const { clock, feed, batches, page } = watchedFeed();
    feed.push(length(1));
    clock.turn(10_000);
    expect(batches).toEqual([]);
    expect(page.restart()).toBe(1);
    feed.push(length(2));
    clock.turn(100);
    expect(batches).toEqual([{ first: 2, last: 2, events: [length(2)] }]);
  });

  it('sends at most ten batches a second to a visible page', () => {
    const { clock, feed, batches, page } = watchedFeed();
    page.restart();
    for (let n = 0; n < 1_000; n += 1) {
      feed.push(length(n));
      clock.turn(1);
    }
    expect(batches.length).toBeLessThanOrEqual(11);
    expect(batches.length).toBeGreaterThan(7);
    expect(batches.flatMap((batch) => batch.events).length).toBeGreaterThan(900);
  });

  it('sends what only moves a figure on at most twice a second, once beside other work, and all of it with anything that begins or ends', () => {
    const { clock, feed, batches, page } = watchedFeed();
    page.restart();
    const step = (n: number) => event(n, 'step_reached', { promptId: 'p', nodeId: '3', step: n, max: 9 });
    feed.push(step(1));
    clock.turn(0);
    for (let n = 2; n <= 5; n += 1) {
      clock.turn(90);
      feed.push(step(n));
    }
    expect(batches).toEqual([{ first: 1, last: 1, events: [step(1)] }]);
    feed.push(length(6));
    clock.turn(0);
    expect(batches[1]).toMatchObject({ first: 2, last: 6 });
    feed.push(step(7));
    clock.turn(499);
    expect(batches).toHaveLength(2);
    clock.turn(1);
    expect(batches[2]).toEqual({ first: 7, last: 7, events: [step(7)] });
    page.setAttention('aside');
    feed.push(step(8));
    clock.turn(999);
    expect(batches).toHaveLength(3);
    clock.turn(1);
    expect(batches).toHaveLength(4);
  });

  it('sends one batch a second to a hidden page, and is prompt again when it is shown', () => {
    const { clock, feed, batches, page } = watchedFeed();
    page.restart();
    page.setAttention('hidden');
    for (let n = 0; n < 3_000; n += 1) {
      feed.push(length(n));
      clock.turn(1);
    }
    expect(batches.length).toBeLessThanOrEqual(4);
    const hidden = batches.length;
    feed.push(length(3_001));
    page.setAttention('focused');
    clock.turn(hiddenInterval / 10);
    expect(batches.length).toBe(hidden + 1);
  });

  it('sends nothing to a page that cannot be seen, and tells it the number when it can', () => {
    const { clock, feed, batches, page } = watchedFeed();
    page.restart();
    feed.push(length(1));
    page.pause();
    feed.push(length(2));
    clock.turn(10_000);
    expect(batches).toEqual([]);
    page.resume();
    expect(batches).toEqual([{ first: 3, last: 2, events: [] }]);
    page.resume();
    feed.push(length(3));
    clock.turn(100);
    expect(batches.slice(1)).toEqual([{ first: 3, last: 3, events: [length(3)] }]);
  });

  it('numbers batches without a gap, although only the newest preview frame is sent', () => {
    const { clock, feed, batches, page } = watchedFeed();
    page.restart();
    feed.push(length(1));
    clock.turn(100);
    for (const revision of [1, 2, 3]) feed.push(preview(revision));
    feed.push(length(2));
    clock.turn(100);
    expect(batches.map(({ first, last }) => [first, last])).toEqual([
      [1, 1],
      [2, 5],
    ]);
    expect(batches[1]?.events).toEqual([preview(3), length(2)]);
  });

  it('leaves a gap, which makes the page start over, when too much has gathered', () => {
    const { clock, feed, batches, page } = watchedFeed();
    page.restart();
    for (let n = 0; n <= maxGathered; n += 1) feed.push(length(n));
    clock.turn(100);
    expect(batches[0]?.first).toBeGreaterThan(1);
    expect(batches[0]?.events.length).toBeLessThan(10);
  });

  it('does the same when what has gathered is too long, be it one event', () => {
    const { clock, feed, batches, page } = watchedFeed();
    page.restart();
    const long = event(1, 'notification_received', { text: 'x'.repeat(maxGatheredSize) });
    feed.push(long);
    clock.turn(100);
    expect(batches).toEqual([{ first: 2, last: 1, events: [] }]);
    feed.push(length(1));
    clock.turn(100);
    expect(batches[1]).toEqual({ first: 2, last: 2, events: [length(1)] });
  });

  it('goes on after something that cannot be sent, and leaves a gap for it', () => {
    const clock = handClock();
    const failures: unknown[] = [];
    const feed = createEventFeed(clock, (cause) => failures.push(cause));
    const batches: EventBatch[] = [];
    const others: EventBatch[] = [];
    const page = feed.subscribe((batch) => {
      if (batch.events.length > 1) throw new RangeError('Invalid string length');
      batches.push(batch);
    });
    const other = feed.subscribe((batch) => others.push(batch));
    page.restart();
    other.restart();
    feed.push(length(1));
    feed.push(length(2));
    clock.turn(100);
    clock.turn(100);
    expect(failures).toEqual([new RangeError('Invalid string length')]);
    expect(batches).toEqual([{ first: 3, last: 2, events: [] }]);
    expect(others).toEqual([{ first: 1, last: 2, events: [length(1), length(2)] }]);
  });

  it('is silent after the page has gone', () => {
    const { clock, feed, batches, page } = watchedFeed();
    page.restart();
    feed.push(length(1));
    page.close();
    feed.push(length(2));
    clock.turn(1_000);
    expect(batches).toEqual([]);
  });
});
