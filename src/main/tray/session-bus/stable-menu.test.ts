import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrayMenuItem } from '../tray-menu.ts';
import { StableMenu } from './stable-menu.ts';

const line: TrayMenuItem = { kind: 'separator' };
const quit = item('quit', 'Quit');

function item(
  key: string,
  label: string,
  rest: Partial<Extract<TrayMenuItem, { kind: 'item' }>> = {},
): TrayMenuItem {
  const command = { do: 'show_job', serverId: 's', promptId: key } as const;
  return { kind: 'item', key, label, command, afterwards: null, ...rest };
}

function settled(...items: TrayMenuItem[]): StableMenu {
  const menu = new StableMenu();
  menu.offer(items);
  menu.settle();
  return menu;
}

const labels = (menu: StableMenu) =>
  menu.rows.map(({ label, isEnabled }) => (isEnabled ? label : `(${label})`));

describe('a menu that nobody looks at', () => {
  it('becomes what the items are, and keeps the ids of those that mean the same', () => {
    const menu = settled(item('p', 'Portrait · 41%'), line, quit);
    const [portrait, , last] = menu.rows;
    menu.offer([item('q', 'Next'), item('p', 'Portrait · 42%'), line, quit]);
    expect(menu.staleness).toBe('rows');
    expect(menu.settle()).toMatchObject({
      layout: true,
      changed: [{ id: portrait?.id, label: 'Portrait · 42%' }],
    });
    expect(labels(menu)).toEqual(['Next', 'Portrait · 42%', '', 'Quit']);
    expect(menu.rows.map(({ id }) => id).slice(1, 4)).toEqual([portrait?.id, expect.any(Number), last?.id]);
    expect(menu.staleness).toBeNull();
  });

  it('tells words apart from layout', () => {
    const menu = settled(item('p', '41%'), quit);
    menu.offer([item('p', '42%'), quit]);
    expect(menu.staleness).toBe('words');
    expect(menu.settle()).toMatchObject({ layout: false, changed: [{ label: '42%' }] });
    menu.offer([quit, item('p', '42%')]);
    expect(menu.staleness).toBe('rows');
    expect(menu.settle()).toEqual({ layout: true, changed: [] });
  });
});

describe('a menu that is open', () => {
  it('changes its words and nothing else', () => {
    const menu = settled(item('p', '41%'), line, quit);
    const before = menu.rows.map(({ id }) => id);
    menu.offer([item('new', 'New'), item('p', '42%'), line, item('more', 'More'), quit]);
    expect(menu.freshen()).toMatchObject([{ label: '42%' }]);
    expect(menu.rows.map(({ id }) => id)).toEqual(before);
    expect(menu.staleness).toBe('rows');
  });

  it('keeps the place of what is gone, greyed out or with the words for afterwards', () => {
    const menu = settled(item('i', 'Interrupt'), item('p', '99%', { afterwards: 'ended' }), line, quit);
    menu.offer([quit]);
    menu.freshen();
    expect(labels(menu)).toEqual(['(Interrupt)', 'ended', '', 'Quit']);
    menu.offer([item('i', 'Interrupt'), item('p', '10%'), line, quit]);
    menu.freshen();
    expect(labels(menu)).toEqual(['Interrupt', '10%', '', 'Quit']);
  });
});

describe('a click', () => {
  it('does what stood in its row, also when that is gone from the menu', () => {
    const menu = settled(item('p', 'Portrait'), quit);
    const id = menu.rows[0]?.id ?? 0;
    menu.offer([item('q', 'Next'), quit]);
    menu.settle();
    expect(menu.commandOf(id)).toMatchObject({ promptId: 'p' });
  });

  it('does nothing in a row that can do nothing any more, or only informs', () => {
    const menu = settled(item('i', 'Interrupt'), item('s', 'Idle', { command: null }), quit);
    menu.offer([quit]);
    menu.freshen();
    expect(menu.rows.slice(0, 2).map(({ id }) => menu.commandOf(id))).toEqual([null, null]);
    expect(menu.commandOf(999)).toBeUndefined();
  });

  it('is never understood as another row, whatever happens to the menu', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const step = fc.record({ keys: fc.uniqueArray(key), open: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const menu = new StableMenu();
        const meant = new Map<number, string>();
        for (const { keys, open } of steps) {
          menu.offer(keys.map((name) => item(name, name)));
          if (open) menu.freshen();
          else menu.settle();
          for (const { id, label } of menu.rows) {
            expect(meant.get(id) ?? label).toBe(label);
            meant.set(id, label);
          }
          for (const [id, label] of meant) {
            const command = menu.commandOf(id);
            if (command) expect(command).toMatchObject({ promptId: label });
          }
        }
      }),
    );
  });

  it('on what has long been gone is forgotten', () => {
    const menu = settled(item('first', 'First'));
    const id = menu.rows[0]?.id ?? 0;
    for (let index = 0; index < 200; index += 1) {
      menu.offer([item(`p${index}`, 'Another')]);
      menu.settle();
    }
    expect(menu.commandOf(id)).toBeUndefined();
  });
});
