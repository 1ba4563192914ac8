import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestHost } from '../../host/testing/test-host.ts';
import { desktop } from '../testing/fake-electron.ts';
import { followGlobalShortcut } from './global-shortcut.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(() => {
  desktop.shortcuts.clear();
  desktop.takenShortcuts = ['Alt+Space'];
});
afterEach(() => {
  desktop.givesShortcutsForEver = false;
});

async function following() {
  const { host } = await startTestHost();
  const onPress = vi.fn();
  const notices: string[] = [];
  const { stop } = followGlobalShortcut(
    { ...host, addNotice: ({ what }) => notices.push(what), dropNotice: () => notices.pop() },
    onPress,
  );
  const wish = (shortcut: string | null) =>
    host.settings.update((current) => ({
      ...current,
      preferences: { ...current.preferences, window: { ...current.preferences.window, shortcut } },
    }));
  const press = (accelerator: string) => desktop.shortcuts.get(accelerator)?.();
  return { onPress, notices, wish, press, stop };
}

describe('the shortcut', () => {
  it('is given back for another one; one that is taken is said not to work', async () => {
    const { onPress, notices, wish, press } = await following();
    await wish('Control+M');
    press('Control+M');
    expect(onPress).toHaveBeenCalledTimes(1);
    await wish('Alt+Space');
    expect([[...desktop.shortcuts.keys()], notices]).toEqual([[], ['The shortcut Alt+Space does not work.']]);
  });

  it('does nothing once another was chosen, even if the desktop gives none back', async () => {
    desktop.givesShortcutsForEver = true;
    const { onPress, wish, press, stop } = await following();
    await wish('Control+M');
    await wish('Control+K');
    press('Control+M');
    expect(onPress).not.toHaveBeenCalled();
    press('Control+K');
    expect(onPress).toHaveBeenCalledTimes(1);
    await wish('Control+M');
    press('Control+M');
    expect(onPress).toHaveBeenCalledTimes(2);
    await wish(null);
    for (const shortcut of ['Control+M', 'Control+K']) press(shortcut);
    stop();
    expect(onPress).toHaveBeenCalledTimes(2);
  });
});
