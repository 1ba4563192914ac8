import { afterEach, expect, it, vi } from 'vitest';
import { desktop } from '../testing/fake-electron.ts';
import { isOnWayland } from './wayland.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

afterEach(() => {
  desktop.switches = [];
});

it.each([
  ['a Wayland session', 'linux', 'wayland', [], true],
  ['an X session', 'linux', 'x11', [], false],
  ['a session that does not say', 'linux', undefined, [], false],
  ['X in a Wayland session', 'linux', 'wayland', ['ozone-platform=x11'], false],
  ['Wayland as asked for', 'linux', 'tty', ['ozone-platform=wayland'], true],
  ['what Chromium finds by itself', 'linux', 'wayland', ['ozone-platform=auto'], true],
  ['another system', 'win32', 'wayland', [], false],
] as const)('is told from %s', (_, platform, session, switches, expected) => {
  desktop.switches = [...switches];
  expect(isOnWayland(platform, { XDG_SESSION_TYPE: session })).toBe(expected);
});
