import { expect, it } from 'vitest';
import { MenuWatch } from './menu-watch.ts';

const second = 1_000;

it('takes a menu for open from the moment a panel is about to show it, until it says that it is closed', () => {
  const watch = new MenuWatch();
  expect(watch.isOpen(0)).toBe(false);
  watch.aboutToShow(0);
  watch.opened(0);
  expect(watch.isOpen(300 * second)).toBe(true);
  watch.closed();
  expect(watch.isOpen(0)).toBe(false);
});

it('leaves time to read a menu that nobody says is closed, but not for ever', () => {
  const watch = new MenuWatch();
  watch.aboutToShow(0);
  expect(watch.isOpen(20 * second)).toBe(true);
  expect(watch.isOpen(60 * second)).toBe(false);
  watch.opened(0);
  expect(watch.isOpen(3_600 * second)).toBe(false);
});

it('does not forget that a menu is open because another panel asks for it', () => {
  const watch = new MenuWatch();
  watch.opened(0);
  watch.aboutToShow(second);
  expect(watch.isOpen(120 * second)).toBe(true);
});
