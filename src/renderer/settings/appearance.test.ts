import { beforeEach, describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultPreferences } from '../../contract/preferences.ts';
import type { PageState } from '../session/page-session.ts';
import { followAppearance } from './appearance.ts';

beforeEach(() => localStorage.clear());

function openPage() {
  const root = document.createElement('html');
  const page = createStore<PageState>(() => ({
    link: 'starting',
    host: null,
    notices: [],
    preferences: defaultPreferences,
    notificationsPausedUntil: null,
    wantedJob: null,
    wantedSettings: null,
    wantedWall: null,
    wantedOutput: null,
    downloads: [],
  }));
  followAppearance(page, root);
  const prefer = (appearance: PageState['preferences']['appearance']) =>
    page.setState({ link: 'linked', preferences: { ...defaultPreferences, appearance } });
  return { root, prefer };
}

describe('the look of the page', () => {
  it('is the system’s until something else is wanted', () => {
    const { root, prefer } = openPage();
    expect(root.dataset.theme).toBeUndefined();
    prefer({ theme: 'dark', compact: true, language: 'system' });
    expect(root.dataset).toMatchObject({ theme: 'dark', density: 'compact' });
    prefer({ theme: 'system', compact: false, language: 'system' });
    expect(root.dataset.theme).toBeUndefined();
    expect(root.dataset.density).toBeUndefined();
  });

  it('is right from the start at the next time, before the host has answered', () => {
    openPage().prefer({ theme: 'light', compact: false, language: 'system' });
    expect(openPage().root.dataset.theme).toBe('light');
  });

  it('is not hurt by what others keep in the same place', () => {
    localStorage.setItem('comfy-monitor.appearance', '{"theme":"pink"');
    expect(openPage().root.dataset.theme).toBeUndefined();
  });
});
