import { expect, it } from 'vitest';
import { browserHost, desktopHost, desktopHostWith } from '../../contract/testing/hosts.ts';
import { settingsSections, usableSections } from './settings-section.ts';

const missing = (host: Parameters<typeof usableSections>[0]) => {
  const usable = usableSections(host).map(({ id }) => id);
  return settingsSections.map(({ id }) => id).filter((id) => !usable.includes(id));
};

it('are all there in an installed desktop app', () => {
  expect(missing(desktopHost)).toEqual([]);
});

it('are left out where nothing in them can be set', () => {
  expect(missing(browserHost)).toEqual(['window', 'downloads', 'updates']);
  expect(missing(desktopHostWith({ findsUpdates: false }))).toEqual(['updates']);
});

it('stay where only a part of them can be set', () => {
  expect(missing(desktopHostWith({ startsAtLogin: false }))).toEqual([]);
});
