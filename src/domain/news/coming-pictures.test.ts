import { describe, expect, it } from 'vitest';
import { defaultPreferences } from '../../contract/preferences.ts';
import type { MonitorEvent } from '../monitor-event.ts';
import { reduce } from '../reduce.ts';
import { event, image, queued, stateAfter } from '../testing/builders.ts';
import { comingPictures } from './coming-pictures.ts';
import type { NotificationPreferences } from './news-preferences.ts';

const running = stateAfter(
  event(0, 'queue_read', { running: [queued('p')], pending: [] }),
  event(1_000, 'prompt_started', { promptId: 'p', startedAt: 1_000 }),
);
const executed = (filename: string, type: 'output' | 'temp' = 'output') =>
  event(31_000, 'node_executed', {
    promptId: 'p',
    nodeId: filename,
    outputs: [{ ...image(filename), file: { filename, subfolder: '', type } }],
  });

/** The files asked for by the last of these events. */
function asked(events: MonitorEvent[], changes: Partial<NotificationPreferences> = {}, paused = false) {
  const last = events.at(-1);
  if (!last) throw new Error('no event');
  const before = events.slice(0, -1).reduce(reduce, running);
  return comingPictures(before, reduce(before, last), {
    now: last.at,
    preferences: {
      ...defaultPreferences,
      notifications: { ...defaultPreferences.notifications, ...changes },
    },
    focused: true,
    pausedUntil: paused ? last.at + 1 : null,
    minuteOfDay: 12 * 60,
  }).map(({ file }) => file.filename);
}

describe('the picture of a notification', () => {
  it('is known with the first image of a prompt, before the prompt has ended', () => {
    expect(asked([executed('a.png')])).toEqual(['a.png']);
    expect(asked([executed('a.png'), executed('b.png')])).toEqual([]);
  });

  it('is no preview', () => {
    expect(asked([executed('a.png', 'temp')])).toEqual([]);
    expect(asked([executed('a.png', 'temp'), executed('b.png')])).toEqual(['b.png']);
  });

  it('is none where nothing will be told', () => {
    const events = [executed('a.png')];
    expect(asked(events, { finished: false })).toEqual([]);
    expect(asked(events, { notWhileFocused: true })).toEqual([]);
    expect(asked(events, { quietHours: { from: '11:00', until: '13:00' } })).toEqual([]);
    expect(asked(events, { atLeastSeconds: 60 })).toEqual([]);
    expect(asked(events, {}, true)).toEqual([]);
  });
});
