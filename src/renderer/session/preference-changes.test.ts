import { describe, expect, it } from 'vitest';
import { changePreferences, defaultPreferences, type Preferences } from '../../contract/preferences.ts';
import { createPreferenceChanges } from './preference-changes.ts';

const theme = (name: 'light' | 'dark') => ({ appearance: { ...defaultPreferences.appearance, theme: name } });
const withUpdates = { updates: !defaultPreferences.updates };
const themeOf = (preferences: Preferences) => preferences.appearance.theme;

/** The changes, and what they show. */
function viewed() {
  let shown = defaultPreferences;
  const changes = createPreferenceChanges(defaultPreferences, (preferences) => {
    shown = preferences;
  });
  return {
    ...changes,
    get shown() {
      return shown;
    },
  };
}

describe('preferences', () => {
  it('show a change until the host has answered, whatever else it sends meanwhile', () => {
    const view = viewed();
    const settle = view.change(theme('dark'));
    view.receive(changePreferences(defaultPreferences, withUpdates));
    expect(view.shown).toMatchObject({ ...withUpdates, ...theme('dark') });
    view.receive(changePreferences(view.shown, {}));
    settle(true);
    expect(themeOf(view.shown)).toBe('dark');
    view.receive(changePreferences(view.shown, theme('light')));
    expect(themeOf(view.shown)).toBe('light');
  });

  it('hold what was changed elsewhere after it', () => {
    const view = viewed();
    const settle = view.change(theme('dark'));
    view.receive(changePreferences(defaultPreferences, theme('dark')));
    view.receive(changePreferences(defaultPreferences, theme('light')));
    settle(true);
    expect(themeOf(view.shown)).toBe('light');
  });

  it('take back only the change that failed', () => {
    const view = viewed();
    const first = view.change(theme('dark'));
    const second = view.change(withUpdates);
    first(false);
    expect(view.shown).toEqual(changePreferences(defaultPreferences, withUpdates));
    second(true);
    expect(view.shown).toEqual(changePreferences(defaultPreferences, withUpdates));
  });

  it('never flip back while one is changed to and fro', () => {
    const view = viewed();
    const settled = [theme('dark'), theme('light'), theme('dark')].map((groups) => view.change(groups));
    for (const name of ['dark', 'light', 'dark'] as const) {
      view.receive(changePreferences(defaultPreferences, theme(name)));
      expect(themeOf(view.shown)).toBe('dark');
      settled.shift()?.(true);
      expect(themeOf(view.shown)).toBe('dark');
    }
  });
});
