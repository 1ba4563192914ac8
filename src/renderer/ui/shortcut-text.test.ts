import { describe, expect, it } from 'vitest';
import { shortcutText } from './shortcut-text.ts';

describe('a shortcut', () => {
  it('is written as on the keys of each system', () => {
    expect(shortcutText('CommandOrControl+Shift+M', 'linux')).toBe('Ctrl + Shift + M');
    expect(shortcutText('CommandOrControl+Shift+M', 'darwin')).toBe('⌘⇧M');
    expect(shortcutText('Super+Alt+Up', 'win32')).toBe('Win + Alt + Up');
  });

  it('is written as people do, however it was typed into a settings file', () => {
    expect(shortcutText('Alt+Super+f5', 'linux', '+')).toBe('Alt+Super+f5');
    expect(shortcutText('Control+Option+k', 'darwin')).toBe('⌃⌥K');
  });
});
