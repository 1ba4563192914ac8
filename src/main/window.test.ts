import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WindowStateFile } from '../host/window-state.ts';
import * as electron from './testing/fake-electron.ts';
import { rememberedState } from './testing/remembered-state.ts';
import { createMonitorWindow, type MonitorWindow } from './window.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

const { BrowserWindow, desktop } = electron;
const displays = desktop.displays;
const platform = process.platform;
const on = (name: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: name });

async function opened(options: { state?: WindowStateFile; hidden?: boolean } = {}) {
  const window: MonitorWindow = createMonitorWindow({
    preload: 'preload.cjs',
    hidden: options.hidden ?? false,
    state: options.state ?? rememberedState(),
    closing: () => 'hides',
    log: () => {},
    tellFailure: async () => {},
  });
  await window.load();
  const native = BrowserWindow.all.at(-1);
  if (!native) throw new Error('no window');
  return { window, native };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  BrowserWindow.all.length = 0;
});
afterEach(() => {
  on(platform);
  desktop.displays = displays;
  vi.useRealTimers();
});

describe('a click on the tray', () => {
  it('hides a window that was in front until the click took its focus', async () => {
    const { window, native } = await opened();
    native.blur();
    vi.advanceTimersByTime(120);
    window.toggleByClick();
    expect(native.isVisible()).toBe(false);
    window.toggleByClick();
    expect([native.isVisible(), native.isFocused()]).toEqual([true, true]);
  });

  it('hides a window that hears of the click before it loses the focus', async () => {
    const { window, native } = await opened();
    window.toggleByClick();
    native.blur();
    expect(native.isVisible()).toBe(false);
    window.toggleByClick();
    expect([native.isVisible(), native.isFocused()]).toEqual([true, true]);
  });

  it('brings a window to the front that was left for another one', async () => {
    const { window, native } = await opened();
    native.blur();
    vi.advanceTimersByTime(1_000);
    window.toggleByClick();
    expect([native.isVisible(), native.isFocused()]).toEqual([true, true]);
  });

  it('shows a window that was minimised a moment ago', async () => {
    const { window, native } = await opened();
    native.minimize();
    window.toggleByClick();
    expect([native.isVisible(), native.isMinimized()]).toEqual([true, false]);
  });
});

it('the shortcut asks nothing but who is in front', async () => {
  const { window, native } = await opened();
  native.blur();
  window.toggle();
  expect([native.isVisible(), native.isFocused()]).toEqual([true, true]);
  window.toggle();
  expect(native.isVisible()).toBe(false);
});

describe('a full-screen window of macOS', () => {
  const ways: [string, (window: MonitorWindow, native: InstanceType<typeof BrowserWindow>) => void][] = [
    ['closed', (_, native) => native.close()],
    ['hidden by its shortcut', (window) => window.toggle()],
    ['left for the mini mode', (window) => window.hide()],
  ];

  async function inFullScreen() {
    on('darwin');
    const both = await opened();
    both.native.setFullScreen(true);
    await expect.poll(() => both.native.isFullScreen()).toBe(true);
    return both;
  }

  it.each(ways)('leaves full screen before it hides when it is %s', async (_, leave) => {
    const { window, native } = await inFullScreen();
    const wasFullScreen: boolean[] = [];
    native.on('hide', () => wasFullScreen.push(native.isFullScreen()));
    leave(window, native);
    await expect.poll(() => native.isVisible()).toBe(false);
    expect(wasFullScreen).toEqual([false]);
  });

  it('stays when it is wanted again before it has left', async () => {
    const { window, native } = await inFullScreen();
    window.hide();
    window.show();
    await expect.poll(() => native.isFullScreen()).toBe(false);
    expect(native.isVisible()).toBe(true);
  });
});

describe('a window that was hidden while the displays changed', () => {
  const bounds = { x: 2_200, y: 100, width: 900, height: 700 };
  const [first] = displays;
  const second = { id: 2, workArea: { x: 1_920, y: 0, width: 1_920, height: 1_040 }, scaleFactor: 1 };

  it('comes back on a display that is still there', async () => {
    desktop.displays = [...displays, second];
    const { window, native } = await opened({ state: rememberedState({ bounds }) });
    window.hide();
    desktop.displays = displays;
    window.show();
    expect(native.getBounds()).toEqual({ x: 510, y: 170, width: 900, height: 700 });
  });

  it('is left alone where it is maximised, or can be reached', async () => {
    desktop.displays = [...displays, second];
    const { window, native } = await opened({ state: rememberedState({ bounds, maximized: true }) });
    window.hide();
    desktop.displays = displays;
    window.show();
    expect(native.getBounds()).toEqual(bounds);
    const other = await opened({ state: rememberedState({ bounds: { ...bounds, x: 100 } }) });
    other.window.hide();
    desktop.displays = [...displays, second];
    other.window.show();
    expect(other.native.getBounds()).toEqual({ ...bounds, x: 100 });
  });

  it('keeps a size that only its user can have given it, as long as the displays are the same', async () => {
    const { window, native } = await opened();
    const snapped = { x: -8, y: 0, width: 976, height: (first?.workArea.height ?? 0) + 8 };
    native.setBounds(snapped);
    window.hide();
    window.show();
    expect(native.getBounds()).toEqual(snapped);
  });
});
