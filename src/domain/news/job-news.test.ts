import { describe, expect, it } from 'vitest';
import { defaultPreferences } from '../../contract/preferences.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import type { MonitorState } from '../monitor-state.ts';
import { reduce } from '../reduce.ts';
import {
  ended,
  event,
  image,
  machineWith,
  queued,
  sample,
  stateAfter,
  testServer,
} from '../testing/builders.ts';
import type { Announcement } from './announcement.ts';
import { announce, newAnnouncer } from './announcer.ts';
import { emptyLedger } from './prompt-ledger.ts';

const wanted = defaultPreferences.notifications;

/** All announcements along the way from a state through events, as a listener to every change makes them. */
function toldAlong(
  state: MonitorState,
  events: MonitorEvent[],
  settings = wanted,
  alerts = defaultPreferences.alerts,
): Announcement[] {
  let before = state;
  let announcer = newAnnouncer(emptyLedger);
  const told: Announcement[] = [];
  const step = (after: MonitorState, now: number) => {
    const next = announce(announcer, before, after, {
      now,
      preferences: { ...defaultPreferences, notifications: settings, alerts },
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

  it('say whether it took as long as its kind usually does', () => {
    const toldAfter = (usual: number) => {
      const entry = { title: 'Portrait', nodeTotal: 4, startedAt: -300_000, finishedAt: usual - 300_000 };
      const before = stateAfter(
        event(0, 'history_read', { entries: [ended('e', entry)] }),
        event(0, 'queue_read', { running: [queued('p', { title: 'Portrait', nodeTotal: 4 })], pending: [] }),
        event(1_000, 'prompt_started', { promptId: 'p', startedAt: 1_000 }),
      );
      return toldAlong(before, [success]).map(({ body }) => body);
    };
    expect(toldAfter(27_000)).toEqual(['took 28 s, as expected']);
    expect(toldAfter(60_000)).toEqual(['took 28 s, usually 1 min 00 s']);
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
      exceptionType: 'RuntimeError',
      message: 'The shapes do not match\nand more',
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
        body: 'KSampler: The shapes do not match\nAfter 4 s',
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

describe('a prompt that failed because memory ran out', () => {
  const outOfMemory = {
    nodeId: '3',
    nodeType: 'KSampler',
    exceptionType: 'torch.OutOfMemoryError',
    message: 'Allocation on device\nThis error means you ran out of memory',
    traceback: [],
  };
  const outOfRam = { ...outOfMemory, exceptionType: 'MemoryError', message: 'MemoryError' };
  const failed = (error: typeof outOfMemory, at = 9_000) =>
    event(at, 'prompt_finished', { promptId: 'p', outcome: 'error', finishedAt: at, error });
  const gib = 2 ** 30;
  /** A second of a card that others use, too. */
  const measured = (at: number, used: number, ...others: Parameters<typeof machineWith>) => {
    const vram = { ...sample(at).gpus[0], loadPercent: null, temperatureC: null, powerWatts: null };
    const gpus = [{ ...vram, vramUsed: used * gib, vramTotal: 24 * gib }];
    const card = { isUsed: true, isIntegrated: false, vramOwn: 18 * gib };
    return event(at, 'telemetry_sampled', {
      machine: machineWith(card, ...others),
      sample: { ...sample(at), gpus },
    });
  };
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((second) => second * 1_000);
  const run = seconds.map((at) => measured(at, at === 5_000 ? 23.6 : 22));

  it('says so, with the highest use and what others held', () => {
    const history = event(9_500, 'history_read', {
      entries: [ended('p', { outcome: 'error', startedAt: 1_000, finishedAt: 9_000, error: outOfMemory })],
    });
    expect(toldAlong(live, [...run, failed(outOfMemory), history])).toEqual([
      expect.objectContaining({
        title: 'Out of VRAM: Portrait',
        body: 'KSampler: Allocation on device\nHighest use measured: 23.6 of 24.0 GiB · 4.0 GiB held by other programs\nAfter 8 s',
        urgent: true,
      }),
    ]);
  });

  it('says nothing that was not measured', () => {
    expect(toldAlong(live, [failed(outOfMemory)])[0]).toMatchObject({
      title: 'Out of VRAM: Portrait',
      body: 'KSampler: Allocation on device\nAfter 8 s',
    });
    expect(toldAlong(live, [...run, failed(outOfRam)])[0]).toMatchObject({
      title: 'Out of RAM: Portrait',
      body: 'KSampler: MemoryError\nAfter 8 s',
    });
    const several = seconds.map((at) => measured(at, 22, { isUsed: true }));
    expect(toldAlong(live, [...several, failed(outOfMemory)])[0]?.body).toBe(
      'KSampler: Allocation on device\nHighest use measured: 22.0 of 24.0 GiB\nAfter 8 s',
    );
    const late = event(60_000, 'history_read', {
      entries: [ended('p', { outcome: 'error', startedAt: 1_000, finishedAt: 9_000, error: outOfMemory })],
    });
    expect(toldAlong(live, [measured(60_000, 22), late])[0]?.body).toBe(
      'KSampler: Allocation on device\nAfter 8 s',
    );
  });

  const { alerts } = defaultPreferences;
  it.each<[string, object, object, number]>([
    ['failures and alerts', {}, {}, 1],
    ['failures alone', {}, { outOfMemory: false }, 1],
    ['the alert alone', { failed: false }, {}, 1],
    ['other alerts alone', { failed: false }, { outOfMemory: false }, 0],
    ['no alerts and no failures', { failed: false, alerts: false }, {}, 0],
  ])('is told of once to who wants to hear of %s', (_, notifications, someAlerts, times) => {
    const end = event(9_100, 'prompt_ended', { promptId: 'p' });
    const history = event(9_200, 'history_read', {
      entries: [ended('p', { outcome: 'error', finishedAt: 9_000, error: outOfMemory })],
    });
    const events = [failed(outOfMemory), end, history, failed(outOfMemory, 9_300)];
    const settings = { ...wanted, ...notifications };
    expect(toldAlong(live, events, settings, { ...alerts, ...someAlerts })).toHaveLength(times);
  });

  it('is no reason to tell of other failures, which are not wanted', () => {
    const other = { ...outOfMemory, exceptionType: 'ValueError', message: 'wrong value' };
    expect(toldAlong(live, [failed(other)], { ...wanted, failed: false })).toEqual([]);
  });

  it('is named among several', () => {
    const both = event(9_000, 'history_read', {
      entries: [
        ended('p', { title: 'Portrait', outcome: 'error', finishedAt: 8_000, error: outOfMemory }),
        ended('q', { title: 'Sketch', outcome: 'error', finishedAt: 9_000 }),
      ],
    });
    expect(toldAlong(live, [both])[0]?.body).toContain('Portrait (out of VRAM)');
  });
});
