import { describe, expect, it } from 'vitest';
import { shortcutList } from './shortcut-list.ts';
import { shortcutFor } from './shortcuts.ts';

const press = (key: string, modifiers = {}) =>
  shortcutFor({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, ...modifiers });

describe('a key', () => {
  it.each([
    ['?', { do: 'help' }],
    ['m', { do: 'mini_mode' }],
    ['M', { do: 'mini_mode' }],
    [',', { do: 'settings' }],
    ['s', { do: 'servers' }],
    ['i', { do: 'interrupt' }],
    ['o', { do: 'open_server' }],
    ['w', { do: 'wall_mode' }],
    ['F11', { do: 'wall_mode' }],
    ['0', { do: 'all_servers' }],
    ['1', { do: 'select_server', index: 0 }],
    ['9', { do: 'select_server', index: 8 }],
    ['[', { do: 'step_server', by: -1 }],
    [']', { do: 'step_server', by: 1 }],
  ])('%s does something', (key, shortcut) => {
    expect(press(key)).toEqual(shortcut);
  });

  it.each(['x', 'Enter', 'ArrowLeft', 'constructor', ''])('%s does nothing', (key) => {
    expect(press(key)).toBeNull();
  });

  it('leaves to the browser what is the browser’s', () => {
    for (const modifiers of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }])
      for (const key of ['s', 'i', '1', 'm']) expect(press(key, modifiers)).toBeNull();
    expect(press('[', { ctrlKey: true })).toBeNull();
    expect(press(',', { ctrlKey: true })).toEqual({ do: 'settings' });
    expect(press(',', { metaKey: true })).toEqual({ do: 'settings' });
  });
});

describe('keyboards of other countries', () => {
  it('have brackets behind another key', () => {
    const next = { do: 'step_server', by: 1 };
    expect(press(']', { altKey: true })).toEqual(next);
    expect(press(']', { altKey: true, ctrlKey: true })).toEqual(next);
  });

  it('have other letters in the place of ours', () => {
    expect(press('ь', { code: 'KeyM' })).toEqual({ do: 'mini_mode' });
    expect(press('q', { code: 'KeyM' })).toBeNull();
  });
});

describe('the list of shortcuts', () => {
  const world = {
    platform: 'linux',
    isDesktop: true,
    canShowMini: true,
    globalShortcut: 'CommandOrControl+Shift+M',
  };
  const keys = (changes = {}) =>
    shortcutList({ ...world, ...changes }).flatMap(({ lines }) => lines.flatMap((line) => line.keys));

  it('names every key that does something', () => {
    const listed = keys();
    for (const key of ['?', 'm', ',', 's', 'i', '[', ']', '1', '9']) {
      expect(press(key)).not.toBeNull();
      expect(listed).toContain(key.toUpperCase());
    }
  });

  it('names only what works here', () => {
    expect(keys()).toContain('Ctrl+Shift+M');
    expect(keys({ isDesktop: false })).not.toContain('Ctrl+Shift+M');
    expect(keys({ canShowMini: false })).not.toContain('M');
    expect(keys({ platform: 'darwin' })).toContain('⌘⇧M');
  });
});
