import { describe, expect, it } from 'vitest';
import { changePreferences, defaultPreferences, type Preferences } from '../../contract/preferences.ts';
import { viewPreferences } from './preference-changes.ts';

const theme = (name: 'light' | 'dark') => ({ appearance: { ...defaultPreferences.appearance, theme: name } });
const withUpdates = { updates: !defaultPreferences.updates };
const themeOf = (preferences: Preferences) => preferences.appearance.theme;

describe('preferences', () => {
  it('show a change until the host has answered, whatever else it tells meanwhile', () => {
    const view = viewPreferences(defaultPreferences);
    const settle = view.change(theme('dark'));
    view.hear(changePreferences(defaultPreferences, withUpdates));
    expect(view.shown).toMatchObject({ ...withUpdates, ...theme('dark') });
    view.hear(changePreferences(view.shown, {}));
    settle(true);
    expect(themeOf(view.shown)).toBe('dark');
    view.hear(changePreferences(view.shown, theme('light')));
    expect(themeOf(view.shown)).toBe('light');
  });

  it('hold what was changed elsewhere after it', () => {
    const view = viewPreferences(defaultPreferences);
    const settle = view.change(theme('dark'));
    view.hear(changePreferences(defaultPreferences, theme('dark')));
    view.hear(changePreferences(defaultPreferences, theme('light')));
    settle(true);
    expect(themeOf(view.shown)).toBe('light');
  });

  it('take back only the change that failed', () => {
    const view = viewPreferences(defaultPreferences);
    const first = view.change(theme('dark'));
    const second = view.change(withUpdates);
    first(false);
    expect(view.shown).toEqual(changePreferences(defaultPreferences, withUpdates));
    second(true);
    expect(view.shown).toEqual(changePreferences(defaultPreferences, withUpdates));
  });

  it('never flip back while one is changed to and fro', () => {
    const view = viewPreferences(defaultPreferences);
    const settled = [theme('dark'), theme('light'), theme('dark')].map((groups) => view.change(groups));
    for (const name of ['dark', 'light', 'dark'] as const) {
      view.hear(changePreferences(defaultPreferences, theme(name)));
      expect(themeOf(view.shown)).toBe('dark');
      settled.shift()?.(true);
      expect(themeOf(view.shown)).toBe('dark');
    }
  });
});
