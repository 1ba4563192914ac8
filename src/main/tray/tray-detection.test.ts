import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NameState } from './session-bus/bus.ts';
import { FakeBus } from './session-bus/testing/fake-bus.ts';
import { showsTrayIcons } from './tray-detection.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const linux = { platform: 'linux', environment: { XDG_CURRENT_DESKTOP: 'GNOME' } } as const;

function busWith(state: NameState): FakeBus {
  const bus = new FakeBus();
  bus.watcherIs(state);
  return bus;
}

describe('whether tray icons are shown', () => {
  it.each(['win32', 'darwin'] as const)('is no question on %s', async (platform) => {
    expect(await showsTrayIcons({ ...linux, platform, bus: busWith('free') })).toBe(true);
  });

  it('is what the session bus says', async () => {
    expect(await showsTrayIcons({ ...linux, bus: busWith('owned') })).toBe(true);
    const answer = showsTrayIcons({ ...linux, bus: busWith('free') });
    await vi.runAllTimersAsync();
    expect(await answer).toBe(false);
  });

  it('is open for as long as the desktop may still be starting', async () => {
    const bus = busWith('free');
    const answer = showsTrayIcons({ ...linux, bus });
    await vi.advanceTimersByTimeAsync(9_000);
    bus.watcherIs('owned');
    expect(await answer).toBe(true);
  });

  it.each([
    ['GNOME', false],
    ['ubuntu:GNOME', true],
    ['pop:GNOME', true],
    ['KDE', true],
    ['XFCE', true],
    [undefined, true],
  ])('is taken from the desktop’s name where there is no bus: %s', async (desktop, shown) => {
    const environment = { XDG_CURRENT_DESKTOP: desktop };
    expect(await showsTrayIcons({ ...linux, environment, bus: null })).toBe(shown);
    expect(await showsTrayIcons({ ...linux, environment, bus: busWith('no bus') })).toBe(shown);
  });
});
