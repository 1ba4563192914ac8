import { afterEach, expect, it, vi } from 'vitest';
import { refuseSwitches } from './refused-switches.ts';
import { desktop } from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

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

it('an installed app is not opened to other programs by how it was started, and says so once', () => {
  desktop.isPackaged = true;
  desktop.switches = [...given];
  const log = vi.fn();
  refuseSwitches(log);
  expect(desktop.switches).toEqual(['no-sandbox', 'js-flags=--expose-gc']);
  expect(log.mock.calls).toEqual([
    ['ignored, as the app is installed: --remote-debugging-port, --renderer-cmd-prefix'],
  ]);
});

it('the app of a developer obeys, and one that was started plainly says nothing', () => {
  const log = vi.fn();
  desktop.switches = [...given];
  refuseSwitches(log);
  expect(desktop.switches).toEqual(given);
  desktop.isPackaged = true;
  desktop.switches = ['no-sandbox'];
  refuseSwitches(log);
  expect(log).not.toHaveBeenCalled();
});
