import { describe, expect, it } from 'vitest';
import { acceleratorOf, type KeyPress } from './shortcut.ts';

const press = (key: string, code: string, held: Partial<KeyPress> = {}) =>
  acceleratorOf({ key, code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held });

describe('pressed keys', () => {
  it.each([
    ['m', 'KeyM', { ctrlKey: true, shiftKey: true }, 'Control+Shift+M'],
    ['µ', 'KeyM', { altKey: true }, 'Alt+M'],
    ['!', 'Digit1', { ctrlKey: true, shiftKey: true }, 'Control+Shift+1'],
    ['ArrowUp', 'ArrowUp', { metaKey: true }, 'Super+Up'],
    ['F9', 'F9', {}, 'F9'],
    [',', 'Comma', { ctrlKey: true }, 'Control+,'],
  ])('%s at %s become what Electron calls them', (key, code, held, accelerator) => {
    expect(press(key, code, held)).toBe(accelerator);
  });

  it('that are modifiers alone are not complete', () => {
    expect(press('Control', 'ControlLeft', { ctrlKey: true })).toBeNull();
  });

  it('that other programs need for typing are refused', () => {
    expect(press('a', 'KeyA')).toBe('unusable');
    expect(press('A', 'KeyA', { shiftKey: true })).toBe('unusable');
    expect(press('Dead', 'IntlBackslash', { ctrlKey: true })).toBe('unusable');
  });
});
