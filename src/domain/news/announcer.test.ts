import { describe, expect, it } from 'vitest';
import { emptyState } from '../monitor-state.ts';
import { ended, event, image, queued, stateAfter } from '../testing/builders.ts';
import { grantEvery } from './announcer.ts';
import { emptyAfter, lostAfter } from './server-watch.ts';
import { back, listen, lost } from './testing/listen.ts';

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
