import { afterEach, expect, it, vi } from 'vitest';
import { desktop } from '../testing/fake-electron.ts';
import { refuseSwitches } from './refused-switches.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

afterEach(() => {
  desktop.isPackaged = false;
  desktop.switches = [];
});

const given = [
  'remote-debugging-port=9222',
  'renderer-cmd-prefix=xterm -e',
  'no-sandbox',
  'js-flags=--expose-gc',
];

it('an installed app is not opened to other programs by how it was started', () => {
  desktop.isPackaged = true;
  desktop.switches = [...given];
  expect(refuseSwitches()).toEqual(['remote-debugging-port', 'renderer-cmd-prefix']);
  expect(desktop.switches).toEqual(['no-sandbox', 'js-flags=--expose-gc']);
  expect(refuseSwitches()).toEqual([]);
});

it('the app of a developer obeys', () => {
  desktop.switches = [...given];
  expect(refuseSwitches()).toEqual([]);
  expect(desktop.switches).toEqual(given);
});
