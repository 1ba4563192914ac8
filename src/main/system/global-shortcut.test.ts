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
    { ...host, notices: { add: ({ what }) => notices.push(what), drop: () => notices.pop() } },
    onPress,
  );
  const choose = (shortcut: string | null) =>
    host.settings.update((current) => ({
      ...current,
      preferences: { ...current.preferences, window: { ...current.preferences.window, shortcut } },
    }));
  const press = (accelerator: string) => desktop.shortcuts.get(accelerator)?.();
  return { onPress, notices, choose, press, stop };
}

describe('the shortcut', () => {
  it('is given back for another one; one that is taken is said not to work', async () => {
    const { onPress, notices, choose, press } = await following();
    await choose('Control+M');
    press('Control+M');
    expect(onPress).toHaveBeenCalledTimes(1);
    await choose('Alt+Space');
    expect([[...desktop.shortcuts.keys()], notices]).toEqual([[], ['The shortcut Alt+Space does not work.']]);
  });

  it('does nothing once another was chosen, even if the desktop gives none back', async () => {
    desktop.givesShortcutsForEver = true;
    const { onPress, choose, press, stop } = await following();
    await choose('Control+M');
    await choose('Control+K');
    press('Control+M');
    expect(onPress).not.toHaveBeenCalled();
    press('Control+K');
    expect(onPress).toHaveBeenCalledTimes(1);
    await choose('Control+M');
    press('Control+M');
    expect(onPress).toHaveBeenCalledTimes(2);
    await choose(null);
    for (const shortcut of ['Control+M', 'Control+K']) press(shortcut);
    stop();
    expect(onPress).toHaveBeenCalledTimes(2);
  });
});
