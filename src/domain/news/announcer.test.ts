import { describe, expect, it } from 'vitest';
import { defaultPreferences, type Preferences } from '../../contract/preferences.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import { emptyState, type MonitorState } from '../monitor-state.ts';
import { reduce } from '../reduce.ts';
import { ended, event, image, machineWith, queued, sample, stateAfter } from '../testing/builders.ts';
import { announce, type Circumstances, grantEvery, ledgerFor, newAnnouncer } from './announcer.ts';
import { emptyLedger, type PromptLedger } from './prompt-ledger.ts';
import { emptyAfter, lostAfter } from './server-watch.ts';

type Wishes = Partial<Preferences['notifications']>;

/** An announcer at work: what happens is told by events, and time passes by hand. */
function listen(
  state: MonitorState = stateAfter(),
  options: { ledger?: PromptLedger; notifications?: Wishes; alerts?: Partial<Preferences['alerts']> } = {},
) {
  let before = state;
  let announcer = newAnnouncer(options.ledger ?? emptyLedger);
  let about: Omit<Circumstances, 'now'> = {
    preferences: {
      ...defaultPreferences,
      notifications: { ...defaultPreferences.notifications, ...options.notifications },
      alerts: { ...defaultPreferences.alerts, ...options.alerts },
    },
    focused: false,
    pausedUntil: null,
    minuteOfDay: 12 * 60,
  };
  const titles: string[] = [];
  const bodies: string[] = [];
  let again: number | null = null;
  function step(after: MonitorState, now: number): void {
    const next = announce(announcer, before, after, { ...about, now });
    before = after;
    ({ announcer, again } = next);
    titles.push(...next.announcements.map(({ title }) => title));
    bodies.push(...next.announcements.map(({ body }) => body));
  }
  step(state, 0);
  return {
    titles,
    bodies,
    again: () => again,
    happen(...events: MonitorEvent[]) {
      for (const next of events) step(reduce(before, next), next.at);
    },
    /** The page hears all at once from a host. */
    replace: (after: MonitorState, now: number) => step(after, now),
    wait: (now: number) => step(before, now),
    change(part: Partial<Omit<Circumstances, 'now'>>) {
      about = { ...about, ...part };
    },
    close: () => ledgerFor(announcer, before),
  };
}

const queueOf = (at: number, ...ids: string[]) =>
  event(at, 'queue_read', { running: [], pending: ids.map((id) => queued(id)) });
const endedAt = (at: number, promptId: string, entry: Parameters<typeof ended>[1] = {}) =>
  event(at, 'history_read', {
    entries: [ended(promptId, { title: promptId, startedAt: at - 5_000, finishedAt: at, ...entry })],
  });
const failedAt = (at: number, promptId: string) => endedAt(at, promptId, { outcome: 'error' });

describe('many prompts that end at once', () => {
  const ids = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
  const full = stateAfter(queueOf(0, ...ids));

  it('are told one by one as long as there are few, then together', () => {
    const user = listen(full);
    user.happen(...ids.map((id, index) => endedAt(10_000 + index * 1_000, id)));
    expect(user.titles).toEqual(['Finished: A', 'Finished: B', 'Finished: C']);
    expect(user.again()).toBe(10_000 + grantEvery);
    user.wait(10_000 + grantEvery);
    expect(user.titles.slice(3)).toEqual(['4 prompts finished']);
    expect(user.bodies.at(-1)).toBe('D, E, F and 1 more');
    user.wait(10 * grantEvery);
    expect(user.titles).toHaveLength(4);
  });

  it('are counted with the time they took, failures by name', () => {
    const user = listen(full);
    for (const id of ['A', 'B', 'C']) user.happen(endedAt(1_000, id));
    user.happen(
      endedAt(2_000, 'D', { outputs: [image('d.png'), image('e.png')] }),
      endedAt(3_000, 'E'),
      failedAt(4_000, 'F'),
    );
    user.wait(122_000);
    expect(user.titles.at(-1)).toBe('2 prompts finished, 1 failed in 2 min');
    expect(user.bodies.at(-1)).toBe('Failed: F\nD, E · 2 images');
  });

  it('do not keep a failure waiting for long', () => {
    const user = listen(full);
    for (const id of ['A', 'B', 'C']) user.happen(endedAt(1_000, id));
    user.happen(failedAt(2_000, 'D'));
    expect(user.again()).toBe(11_000);
    user.wait(11_000);
    expect(user.titles.at(-1)).toBe('Failed: D');
  });

  it('are told one by one again after a while', () => {
    const user = listen(full);
    for (const id of ['A', 'B', 'C']) user.happen(endedAt(1_000, id));
    user.wait(10 * grantEvery);
    for (const id of ['D', 'E']) user.happen(endedAt(10 * grantEvery + 1_000, id));
    expect(user.titles).toHaveLength(5);
  });
});

describe('a user who does not want a word now', () => {
  const full = stateAfter(queueOf(0, 'A', 'B'));

  it('is left alone while looking at the window, and not told later', () => {
    const user = listen(full, { notifications: { notWhileFocused: true } });
    user.change({ focused: true });
    user.happen(endedAt(1_000, 'A'));
    user.change({ focused: false });
    user.happen(endedAt(2_000, 'B'));
    expect(user.titles).toEqual(['Finished: B']);
  });

  it('is told while looking at the window, unless that was asked for', () => {
    const user = listen(full);
    user.change({ focused: true });
    user.happen(endedAt(1_000, 'A'));
    expect(user.titles).toEqual(['Finished: A']);
  });

  it('is left alone in quiet hours', () => {
    const user = listen(full, { notifications: { quietHours: { from: '22:00', until: '07:00' } } });
    user.change({ minuteOfDay: 23 * 60 });
    user.happen(endedAt(1_000, 'A'));
    user.change({ minuteOfDay: 8 * 60 });
    user.happen(endedAt(2_000, 'B'));
    expect(user.titles).toEqual(['Finished: B']);
  });

  it('is left alone during a pause, and told after it', () => {
    const user = listen(full);
    user.change({ pausedUntil: 2_000 });
    user.happen(endedAt(1_000, 'A'), endedAt(2_000, 'B'));
    expect(user.titles).toEqual(['Finished: B']);
  });
});

describe('across a restart of the app', () => {
  const live = stateAfter(queueOf(0, 'A', 'B'));

  it('what was live before and ended meanwhile is told once', () => {
    const ledger = listen(live).close();
    const user = listen(stateAfter(), { ledger });
    user.happen(endedAt(-5_000, 'A'), endedAt(-5_000, 'A'));
    expect(user.titles).toEqual(['Finished: A']);
    const third = listen(stateAfter(), { ledger: user.close() });
    third.happen(endedAt(-5_000, 'A'));
    expect(third.titles).toEqual([]);
  });

  it('what was never watched is not told', () => {
    const user = listen(stateAfter(), { ledger: listen(live).close() });
    user.happen(endedAt(-5_000, 'other'));
    expect(user.titles).toEqual([]);
  });

  it('what was told is not told again, although the clocks say it ended after the start', () => {
    const first = listen(live);
    first.happen(endedAt(10, 'A'));
    const user = listen(stateAfter(), { ledger: first.close() });
    user.happen(endedAt(10, 'A'));
    expect(user.titles).toEqual([]);
  });

  it('what was held back is told at the next start', () => {
    const ids = ['A', 'B', 'C', 'D'];
    const first = listen(stateAfter(queueOf(0, ...ids)));
    for (const id of ids) first.happen(endedAt(10, id));
    expect(first.titles).toHaveLength(3);
    const user = listen(stateAfter(), { ledger: first.close() });
    for (const id of ids) user.happen(endedAt(-10, id));
    expect(user.titles).toEqual(['Finished: D']);
  });

  it('what still runs then is told when it ends', () => {
    const user = listen(stateAfter(), { ledger: listen(live).close() });
    user.happen(queueOf(0, 'A'), endedAt(9_000, 'A'));
    expect(user.titles).toEqual(['Finished: A']);
  });

  it('what a page saw live before its host was restarted is told when the history knows it', () => {
    const page = listen(live);
    page.replace(emptyState, 1_000);
    page.replace(stateAfter(), 2_000);
    page.replace(stateAfter(endedAt(-1_000, 'A')), 3_000);
    expect(page.titles).toEqual(['Finished: A']);
  });
});

const lost = (at: number) =>
  event(at, 'connection_changed', {
    connection: {
      phase: 'waiting',
      attempt: 1,
      since: at,
      retryAt: at + 1_000,
      problem: { kind: 'closed', detail: '', status: null },
    },
  });
const back = (at: number) =>
  event(at, 'connection_changed', { connection: { phase: 'connected', since: at } });

describe('a server', () => {
  it('that stays lost is told, once, and so is its return', () => {
    const user = listen(stateAfter(), { notifications: { connection: true } });
    user.happen(lost(1_000));
    expect(user.again()).toBe(1_000 + lostAfter);
    user.wait(lostAfter);
    expect(user.titles).toEqual([]);
    user.happen(lost(1_000 + lostAfter), lost(2_000 + lostAfter), back(181_000));
    expect(user.titles).toEqual(['Test was lost', 'Test is back']);
    expect(user.bodies.at(-1)).toBe('Connected again after 3 min.');
  });

  it('that is lost for a moment is not worth a word', () => {
    const user = listen(stateAfter(), { notifications: { connection: true } });
    user.happen(lost(1_000), back(20_000), lost(21_000), back(40_000));
    user.wait(100_000);
    expect(user.titles).toEqual([]);
  });

  it('that was lost unsaid does not come back with a word', () => {
    const user = listen(stateAfter(), { notifications: { connection: true } });
    user.change({ pausedUntil: 50_000 });
    user.happen(lost(1_000), lost(40_000), back(60_000));
    expect(user.titles).toEqual([]);
  });

  it('is not told of unless that is wanted', () => {
    const user = listen(stateAfter());
    user.happen(lost(1_000), lost(40_000), back(60_000));
    expect(user.titles).toEqual([]);
  });

  it('that has done everything is told when the queue stays empty', () => {
    const user = listen(stateAfter(queueOf(0, 'A', 'B')), { notifications: { queueEmpty: true } });
    user.happen(endedAt(10_000, 'A'), endedAt(20_000, 'B'));
    user.happen(event(20_000, 'queue_length_changed', { length: 0 }));
    expect(user.titles).toEqual(['Finished: A', 'Finished: B']);
    user.wait(20_000 + emptyAfter);
    expect(user.titles.slice(2)).toEqual(['The queue is empty']);
    user.wait(200_000);
    expect(user.titles).toHaveLength(3);
  });

  it('that did a single prompt is told of by that prompt alone', () => {
    const user = listen(stateAfter(queueOf(0, 'A')), { notifications: { queueEmpty: true } });
    user.happen(endedAt(10_000, 'A'), event(10_000, 'queue_length_changed', { length: 0 }));
    user.wait(60_000);
    expect(user.titles).toEqual(['Finished: A']);
  });
});

describe('a GPU', () => {
  const measured = (at: number, temperatureC: number | null, vramUsed: number | null = null) =>
    event(at, 'telemetry_sampled', {
      machine: machineWith({}),
      sample: {
        ...sample(at),
        gpus: [
          {
            loadPercent: null,
            temperatureC,
            vramUsed,
            vramTotal: vramUsed === null ? null : 100e9,
            powerWatts: null,
          },
        ],
      },
    });

  it('that is too hot is told once per excursion, however it trembles at the limit', () => {
    const user = listen(stateAfter(), { alerts: { gpuTemperatureC: 80 } });
    const values = [79, 80, 79, 81, 76, 80, 75, 80];
    user.happen(...values.map((value, index) => measured(1_000 * (index + 1), value)));
    expect(user.titles).toEqual(['The GPU is hot: 80 °C', 'The GPU is hot: 80 °C']);
    expect(user.bodies[0]).toBe('On Test; the limit is 80 °C.');
  });

  it('that is not measured for a while has not cooled down', () => {
    const user = listen(stateAfter(), { alerts: { gpuTemperatureC: 80 } });
    user.happen(measured(1_000, 85), measured(2_000, null), measured(3_000, 85));
    expect(user.titles).toHaveLength(1);
  });

  it('is not told of by what was measured before the connection was lost', () => {
    const user = listen(stateAfter(measured(0, 95)), { notifications: { alerts: false } });
    user.happen(lost(1_000));
    user.change({ preferences: defaultPreferences });
    user.wait(2_000);
    expect(user.titles).toEqual([]);
    user.happen(back(3_000), measured(4_000, 95));
    expect(user.titles).toEqual(['The GPU is hot: 95 °C']);
  });

  it('is not told of by what was measured long ago', () => {
    const user = listen(stateAfter(measured(0, 95)), { notifications: { alerts: false } });
    user.change({ preferences: defaultPreferences });
    user.wait(60_000);
    expect(user.titles).toEqual([]);
  });

  it('whose VRAM is nearly full is told with the amount in the units that were chosen', () => {
    const user = listen(stateAfter(), { alerts: { vramPercent: 95 } });
    user.happen(measured(1_000, null, 94e9), measured(2_000, null, 96e9), measured(3_000, null, 97e9));
    expect(user.titles).toEqual(['VRAM is nearly full: 96%']);
    expect(user.bodies).toEqual(['The GPU on Test uses 89.4 GiB of 93.1 GiB.']);
  });

  it('is not told of without a limit, or when alerts are switched off', () => {
    const none = listen(stateAfter(), { alerts: { gpuTemperatureC: null } });
    none.happen(measured(1_000, 110));
    const off = listen(stateAfter(), { notifications: { alerts: false } });
    off.happen(measured(1_000, 110));
    expect([...none.titles, ...off.titles]).toEqual([]);
  });
});
