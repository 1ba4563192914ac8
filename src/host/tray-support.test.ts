import { describe, expect, it, vi } from 'vitest';
import { readReply, showsTrayIcons } from './tray-support.ts';

const wait = async () => {};
const linux = { platform: 'linux', environment: { XDG_CURRENT_DESKTOP: 'GNOME' }, wait } as const;

describe('whether tray icons are shown', () => {
  it.each(['win32', 'darwin'] as const)('is no question on %s', async (platform) => {
    const ask = vi.fn(async () => false);
    expect(await showsTrayIcons({ ...linux, platform, ask })).toBe(true);
    expect(ask).not.toHaveBeenCalled();
  });

  it('is what the session bus says', async () => {
    expect(await showsTrayIcons({ ...linux, ask: async () => true })).toBe(true);
    expect(await showsTrayIcons({ ...linux, ask: async () => false })).toBe(false);
  });

  it('is asked again while the desktop may still be starting', async () => {
    const ask = vi
      .fn(async () => false)
      .mockResolvedValueOnce(false)
      .mockResolvedValueOnce(true);
    expect(await showsTrayIcons({ ...linux, ask })).toBe(true);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(ask).toHaveBeenCalledWith('org.kde.StatusNotifierWatcher');
  });

  it.each([
    ['GNOME', false],
    ['ubuntu:GNOME', true],
    ['pop:GNOME', true],
    ['KDE', true],
    ['XFCE', true],
    [undefined, true],
  ])('is taken from the desktop’s name where the bus cannot be asked: %s', async (desktop, shown) => {
    const environment = { XDG_CURRENT_DESKTOP: desktop };
    expect(await showsTrayIcons({ ...linux, environment, ask: async () => null })).toBe(shown);
  });

  it('is read from what gdbus prints', () => {
    expect([readReply('(true,)\n'), readReply('(false,)\n'), readReply('Error: …')]).toEqual([
      true,
      false,
      null,
    ]);
  });
});
