import { describe, expect, it } from 'vitest';
import { defaultPreferences } from '../../contract/preferences.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import type { MonitorState } from '../monitor-state.ts';
import { reduce } from '../reduce.ts';
import { ended, event, image, queued, stateAfter, testServer } from '../testing/builders.ts';
import type { Announcement } from './announcement.ts';
import { announce, newAnnouncer } from './announcer.ts';
import { emptyLedger } from './prompt-ledger.ts';

const wanted = defaultPreferences.notifications;

/** All announcements along the way from a state through events, as a listener to every change makes them. */
function toldAlong(state: MonitorState, events: MonitorEvent[], settings = wanted): Announcement[] {
  let before = state;
  let announcer = newAnnouncer(emptyLedger);
  const told: Announcement[] = [];
  const step = (after: MonitorState, now: number) => {
    const next = announce(announcer, before, after, {
      now,
      preferences: { ...defaultPreferences, notifications: settings },
      focused: false,
      pausedUntil: null,
      minuteOfDay: 12 * 60,
    });
    before = after;
    announcer = next.announcer;
    told.push(...next.announcements);
  };
  for (const next of events) step(reduce(before, next), next.at);
  step(before, (events.at(-1)?.at ?? 0) + 60_000);
  return told;
}

const live = stateAfter(
  event(0, 'queue_read', { running: [queued('p', { title: 'Portrait' })], pending: [queued('q')] }),
  event(1_000, 'prompt_started', { promptId: 'p', startedAt: 1_000 }),
);
const success = event(29_000, 'prompt_finished', {
  promptId: 'p',
  outcome: 'success',
  finishedAt: 29_000,
  error: null,
});

describe('announcements of prompts', () => {
  it('tell title, duration and what came out', () => {
    const outputs = [image('a.png'), image('b.png')];
    const told = toldAlong(live, [
      event(28_000, 'node_executed', { promptId: 'p', nodeId: '9', outputs }),
      success,
    ]);
    expect(told).toEqual([
      expect.objectContaining({
        job: { serverId: 's', promptId: 'p' },
        title: 'Finished: Portrait',
        body: '28 s · 2 images',
        picture: outputs[0]?.file,
      }),
    ]);
  });

  it('come once, however often the end is reported', () => {
    const history = event(30_000, 'history_read', { entries: [ended('p', { finishedAt: 29_000 })] });
    const end = event(29_100, 'prompt_ended', { promptId: 'p' });
    expect(toldAlong(live, [success, end, success, history, history])).toHaveLength(1);
  });

  it('say what failed and where', () => {
    const error = {
      nodeId: '3',
      nodeType: 'KSampler',
      exceptionType: 'torch.OutOfMemoryError',
      message: 'Allocation on device\nThis error means you ran out of memory',
      traceback: [],
    };
    const failed = event(5_000, 'prompt_finished', {
      promptId: 'p',
      outcome: 'error',
      finishedAt: 5_000,
      error,
    });
    expect(toldAlong(live, [failed])).toEqual([
      expect.objectContaining({
        title: 'Failed: Portrait',
        body: 'KSampler: Allocation on device\nAfter 4 s',
        urgent: true,
      }),
    ]);
  });

  it('come late, but come, for what ended while we were disconnected', () => {
    const history = event(60_000, 'history_read', {
      entries: [ended('p', { finishedAt: 29_000 }), ended('unseen', { finishedAt: 40_000 })],
    });
    expect(toldAlong(live, [history])).toEqual([
      expect.objectContaining({ title: '2 prompts finished', body: 'Portrait, Prompt unseen' }),
    ]);
  });

  it('say nothing of what had ended before we first looked', () => {
    const fresh = stateAfter();
    const old = event(10, 'history_read', { entries: [ended('old', { finishedAt: -5_000 })] });
    expect(toldAlong(fresh, [old])).toEqual([]);
  });

  it('say nothing of what somebody ended on purpose, unless that is wanted', () => {
    const interrupted = event(9, 'prompt_finished', {
      promptId: 'p',
      outcome: 'interrupted',
      finishedAt: 9,
      error: null,
    });
    const cancelled = event(9, 'prompt_vanished', { promptId: 'q', fate: 'cancelled' });
    expect(toldAlong(live, [interrupted, cancelled])).toEqual([]);
    expect(toldAlong(live, [interrupted, cancelled], { ...wanted, interrupted: true })).toEqual([
      expect.objectContaining({ title: 'Interrupted: Portrait' }),
    ]);
  });

  it('can be switched off by kind', () => {
    expect(toldAlong(live, [success], { ...wanted, finished: false })).toEqual([]);
    expect(toldAlong(live, [success], { ...wanted, failed: false })).toHaveLength(1);
  });

  it('wait a moment for the history, which knows more than the socket', () => {
    const unnamed = event(0, 'prompt_started', { promptId: 'x', startedAt: 0 });
    const end = event(900, 'prompt_finished', {
      promptId: 'x',
      outcome: 'success',
      finishedAt: 900,
      error: null,
    });
    const entry = ended('x', { title: 'Sketch', startedAt: 0, finishedAt: 900, outputs: [image('x.png')] });
    const read = event(1_200, 'history_read', { entries: [entry] });
    expect(toldAlong(live, [unnamed, end, read])).toEqual([
      expect.objectContaining({ title: 'Finished: Sketch', body: '0.9 s · 1 image' }),
    ]);
    expect(toldAlong(live, [unnamed, end])).toEqual([
      expect.objectContaining({ title: 'Finished: Prompt x' }),
    ]);
  });

  it('name the server where there are several', () => {
    const other = { ...testServer, id: 't', name: 'Garage', color: 'red', url: 'http://x' } as const;
    const two = reduce(live, { type: 'server_added', serverId: 't', at: 0, server: other });
    expect(toldAlong(two, [success])[0]?.body).toBe('28 s · on Test');
  });

  it('leave out what ran shorter than is worth a word, but not failures', () => {
    const patient = { ...wanted, atLeastSeconds: 29 };
    expect(toldAlong(live, [success], patient)).toEqual([]);
    expect(toldAlong(live, [success], { ...wanted, atLeastSeconds: 28 })).toHaveLength(1);
    const failed = event(2_000, 'prompt_finished', {
      promptId: 'p',
      outcome: 'error',
      finishedAt: 2_000,
      error: null,
    });
    expect(toldAlong(live, [failed], patient)).toHaveLength(1);
  });
});
