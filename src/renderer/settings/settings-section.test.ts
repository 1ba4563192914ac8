import { expect, it } from 'vitest';
import { desktopHost } from '../testing/fake-host.ts';
import { settingsSections, usableSections } from './settings-section.ts';

const { capabilities } = desktopHost;
const missing = (host: Parameters<typeof usableSections>[0]) => {
  const usable = usableSections(host).map(({ id }) => id);
  return settingsSections.map(({ id }) => id).filter((id) => !usable.includes(id));
};

it('are all there in an installed desktop app', () => {
  expect(missing(desktopHost)).toEqual([]);
});

it('are left out where nothing in them can be set', () => {
  const none = { ...capabilities, openInViewer: false, startAtLogin: false, findUpdates: false };
  expect(missing({ kind: 'browser', capabilities: none })).toEqual(['window', 'downloads', 'updates']);
  expect(missing({ kind: 'desktop', capabilities: { ...capabilities, findUpdates: false } })).toEqual([
    'updates',
  ]);
});

it('stay where only a part of them can be set', () => {
  expect(missing({ kind: 'desktop', capabilities: { ...capabilities, startAtLogin: false } })).toEqual([]);
});
