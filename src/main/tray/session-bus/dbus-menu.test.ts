import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActionRequest } from '../../../contract/actions/action.ts';
import type { TrayMenuItem } from '../tray-menu.ts';
import { createDbusMenu, menuInterface } from './dbus-menu.ts';
import { FakeBus } from './testing/fake-bus.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const path = '/menu';
const quit = item('quit', 'Quit', { do: 'quit' });

function item(key: string, label: string, command: ActionRequest | null): TrayMenuItem {
  return { kind: 'item', key, label, command, afterwards: null };
}
function job(promptId: string, label: string): TrayMenuItem {
  return item(promptId, label, { do: 'show_job', serverId: 's', promptId });
}

function startedMenu(...items: TrayMenuItem[]) {
  const bus = new FakeBus();
  const run = vi.fn((_command: ActionRequest) => {});
  let current = items;
  const menu = createDbusMenu({ bus, path, run, refresh: () => menu.show(current) });
  const ask = (member: string, args: unknown[], wantsAnswer = true) =>
    bus.ask(path, menuInterface, member, args, wantsAnswer);
  return {
    bus,
    run,
    menu,
    ask,
    become(...next: TrayMenuItem[]) {
      current = next;
      menu.show(next);
    },
    /** Ids and labels as a panel reads them. */
    layout: () => JSON.stringify(ask('GetLayout', [0, -1, []])),
  };
}

describe('while nobody looks', () => {
  it('nothing is told to a panel that asks before it shows the menu', () => {
    const { bus, ask, become, layout } = startedMenu(job('p', '41%'), quit);
    ask('AboutToShow', [0]);
    ask('Event', [0, 'closed', 0, 0]);
    bus.signals.length = 0;
    for (let step = 0; step < 100; step += 1) {
      become(job(`p${step}`, `${step}%`), quit);
      vi.advanceTimersByTime(1_000);
    }
    expect(bus.signals).toEqual([]);
    expect(ask('AboutToShow', [0])).toEqual([true]);
    // Until it has read it.
    expect(ask('AboutToShow', [0])).toEqual([true]);
    expect(layout()).toContain('99%');
    expect(ask('AboutToShow', [0])).toEqual([false]);
  });

  it('a panel that is deaf for answers is told of other rows, but not of other words', () => {
    const { bus, ask, become, layout } = startedMenu(job('p', '41%'), quit);
    layout();
    ask('AboutToShowGroup', [[0]], false);
    ask('Event', [0, 'closed', 0, 0]);
    bus.signals.length = 0;
    for (let step = 0; step < 60; step += 1) {
      become(job('p', `${step}%`), quit);
      vi.advanceTimersByTime(1_000);
    }
    expect(bus.signals).toEqual([]);
    for (let step = 0; step < 60; step += 1) {
      become(job(`p${step}`, 'x'), quit);
      vi.advanceTimersByTime(1_000);
    }
    expect(bus.signals.length).toBeGreaterThanOrEqual(15);
    expect(bus.signals.length).toBeLessThanOrEqual(21);
    expect(layout()).toContain('x');
  });

  it('a panel of which nothing is known is told of other words now and then, too', () => {
    const { bus, become, layout } = startedMenu(job('p', '41%'), quit);
    layout();
    for (let step = 0; step < 60; step += 1) {
      become(job('p', `${step}%`), quit);
      vi.advanceTimersByTime(1_000);
    }
    expect(bus.signals.length).toBeGreaterThanOrEqual(5);
    expect(bus.signals.length).toBeLessThanOrEqual(7);
  });
});

describe('a panel that is about to show the menu', () => {
  it('reads it as it is now', () => {
    const { ask, become, layout } = startedMenu(job('p', '41%'), quit);
    layout();
    become(job('q', 'Next'), quit);
    expect(ask('AboutToShowGroup', [[0]])).toEqual([[0], []]);
    expect(layout()).toContain('Next');
  });

  it('keeps the rows it has read if it does not hear the answer, and is told of new words row by row', () => {
    const { bus, ask, become, layout } = startedMenu(job('p', '41%'), quit);
    layout();
    become(job('p', '42%'), job('q', 'More'), quit);
    ask('AboutToShowGroup', [[0]], false);
    expect(bus.signals).toEqual(['ItemsPropertiesUpdated']);
    ask('Event', [0, 'closed', 0, 0]);
    vi.advanceTimersByTime(3_000);
    expect(bus.signals).toEqual(['ItemsPropertiesUpdated', 'LayoutUpdated']);
    // It has not done so yet.
    ask('AboutToShowGroup', [[0]], false);
    expect(bus.signals.at(-1)).toBe('LayoutUpdated');
  });
});

describe('an open menu', () => {
  it('keeps its rows until it is closed', () => {
    const { bus, ask, become, layout } = startedMenu(job('p', '41%'), quit);
    layout();
    ask('Event', [0, 'opened', 0, 0]);
    bus.signals.length = 0;
    become(job('q', 'Next'), quit);
    expect(bus.signals).toEqual(['ItemsPropertiesUpdated']);
    expect(layout()).toContain('41%');
    ask('Event', [0, 'closed', 0, 0]);
    vi.advanceTimersByTime(3_000);
    expect(bus.signals.at(-1)).toBe('LayoutUpdated');
    expect(layout()).toContain('Next');
  });
});

describe('a click', () => {
  it('runs what stood there, once the panel has its answer', () => {
    const { ask, become, run, layout } = startedMenu(job('p', 'Portrait'), quit);
    layout();
    become(job('q', 'Next'), quit);
    layout();
    expect(ask('Event', [1, 'clicked', 0, 0])).toEqual([]);
    expect(run).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'show_job', serverId: 's', promptId: 'p' });
  });

  it('may come in a group', () => {
    const { ask, run, layout } = startedMenu(quit);
    layout();
    expect(
      ask('EventGroup', [
        [
          [1, 'clicked', 0, 0],
          [77, 'clicked', 0, 0],
        ],
      ]),
    ).toEqual([[77]]);
    vi.runAllTimers();
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'quit' });
  });
});

it('shows underscores as they are, and greys out what only informs', () => {
  const { layout, ask } = startedMenu(item('s', 'my_server: idle', null), { kind: 'separator' }, quit);
  expect(layout()).toContain('"my__server: idle"');
  expect(ask('GetProperty', [1, 'enabled'])).toEqual([['b', false]]);
  expect(
    ask('GetGroupProperties', [
      [0, 2, 3],
      ['type', 'label'],
    ]),
  ).toEqual([
    [
      [0, []],
      [2, [['type', ['s', 'separator']]]],
      [3, [['label', ['s', 'Quit']]]],
    ],
  ]);
});

it.each([
  ['GetLayout', ['root', 1, []]],
  ['GetLayout', [99, 1, []]],
  ['GetProperty', [1, 7]],
  ['GetProperty', [99, 'label']],
  ['Event', [99, 'clicked', 0, 0]],
  ['Event', []],
  ['EventGroup', [5]],
  ['AboutToShow', ['x']],
  ['AboutToShowGroup', [[{}]]],
  ['Destroy', []],
])('answers what it does not understand as D-Bus wants it: %s %j', (member, args) => {
  const { ask, run, layout } = startedMenu(quit);
  layout();
  expect(() => ask(member, args)).toThrow(
    expect.objectContaining({ name: expect.stringMatching(/^org\.freedesktop\.DBus\.Error\./) }),
  );
  expect(run).not.toHaveBeenCalled();
});
