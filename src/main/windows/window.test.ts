import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Remedy } from '../lifecycle/failures.ts';
import * as electron from '../testing/fake-electron.ts';
import { rememberedState } from '../testing/remembered-state.ts';
import { createMonitorWindow, type MonitorWindow } from './window.ts';
import type { WindowStateFile } from './window-state.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const { BrowserWindow, desktop } = electron;
const displays = desktop.displays;
const platform = process.platform;
const on = (name: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: name });

async function opened(options: { state?: WindowStateFile; preload?: string } = {}) {
  const window: MonitorWindow = createMonitorWindow({
    preload: options.preload ?? 'preload.cjs',
    state: options.state ?? rememberedState(),
    connect: () => {},
    closing: () => 'hides',
    log: () => {},
    reportFailure: async () => {},
  });
  window.show();
  const native = current();
  await vi.waitUntil(() => native.isVisible());
  return { window, native };
}

function current(): InstanceType<typeof BrowserWindow> {
  const native = BrowserWindow.all.at(-1);
  if (!native) throw new Error('no window');
  return native;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  BrowserWindow.all.length = 0;
});
afterEach(() => {
  on(platform);
  desktop.displays = displays;
  desktop.isWayland = false;
  vi.useRealTimers();
});

describe('a window that nobody sees', () => {
  const aMinute = 60_000;

  it('is let go of with its page after a moment, and made anew when it is wanted', async () => {
    const { window, native } = await opened();
    window.hide();
    expect(native.isDestroyed()).toBe(false);
    vi.advanceTimersByTime(aMinute);
    expect([native.isDestroyed(), window.isVisible(), window.isFocused()]).toEqual([true, false, false]);
    window.show();
    await vi.waitUntil(() => window.isVisible());
    expect(current()).not.toBe(native);
  });

  it('is the same one when it is wanted again at once', async () => {
    const { window, native } = await opened();
    window.hide();
    vi.advanceTimersByTime(1_000);
    window.show();
    vi.advanceTimersByTime(aMinute);
    expect([native.isDestroyed(), window.isVisible()]).toEqual([false, true]);
  });

  it('shows what it showed: the same page, place, zoom and layer', async () => {
    const state = rememberedState();
    const { window, native } = await opened({ state });
    window.setAlwaysOnTop(true);
    native.setBounds({ x: 40, y: 50, width: 700, height: 600 });
    native.webContents.setZoomLevel(2);
    native.webContents.emit('did-navigate-in-page', {}, 'app://monitor/index.html#server=two', true);
    native.webContents.emit('did-navigate-in-page', {}, 'https://example.com/', true);
    window.hide();
    vi.advanceTimersByTime(aMinute);
    window.show();
    await vi.waitUntil(() => window.isVisible());
    const next = current();
    expect(next.webContents.mainFrame.url).toBe('app://monitor/index.html#server=two');
    expect(next.getBounds()).toEqual({ x: 40, y: 50, width: 700, height: 600 });
    expect([next.webContents.getZoomLevel(), next.isAlwaysOnTop()]).toEqual([2, true]);
  });

  it('stays as long as its page holds something that was typed and not saved', async () => {
    const { window, native } = await opened();
    native.webContents.holdsInput = true;
    window.hide();
    vi.advanceTimersByTime(aMinute);
    expect(native.isDestroyed()).toBe(false);
    window.show();
    native.close();
    expect([native.isDestroyed(), native.isVisible()]).toEqual([false, false]);
    native.webContents.holdsInput = false;
    vi.advanceTimersByTime(2 * aMinute);
    expect(native.isDestroyed()).toBe(true);
  });

  it('stays when it was its user or macOS that took it out of sight', async () => {
    const { window, native } = await opened();
    // macOS hides a window that is minimised, and all windows of an app that is hidden.
    native.hide();
    native.minimize();
    vi.advanceTimersByTime(aMinute);
    expect(native.isDestroyed()).toBe(false);
    window.hide();
    vi.advanceTimersByTime(aMinute);
    expect(native.isDestroyed()).toBe(true);
  });

  it('is let go of although it was not wanted any more before there was anything to see', async () => {
    const { window, native } = await opened();
    window.hide();
    vi.advanceTimersByTime(aMinute);
    window.show();
    window.hide();
    const loading = current();
    expect(loading).not.toBe(native);
    vi.advanceTimersByTime(aMinute);
    expect([loading.isDestroyed(), window.isVisible()]).toEqual([true, false]);
  });

  it('comes back when it is wanted while its page is asked whether it may go', async () => {
    const { window, native } = await opened();
    // The page takes its time with the answer.
    vi.spyOn(native, 'close').mockImplementation(() => {});
    window.hide();
    vi.advanceTimersByTime(aMinute);
    window.show();
    native.destroy();
    await vi.waitUntil(() => window.isVisible());
    expect(current()).not.toBe(native);
  });

  it('keeps nobody from ending the app', async () => {
    const { window, native } = await opened();
    native.webContents.holdsInput = true;
    window.end();
    expect(native.isDestroyed()).toBe(true);
    window.show();
    expect(current()).toBe(native);
  });
});

it('a window shows itself on Wayland, where Electron may never say that it is ready to be shown', async () => {
  desktop.isWayland = true;
  const { native } = await opened();
  expect(native.isVisible()).toBe(true);
});

it('a window that is not wanted any more when its page is there stays out of sight', async () => {
  const { window, native } = await opened();
  native.destroy();
  window.show();
  window.hide();
  await new Promise(setImmediate);
  expect(window.isVisible()).toBe(false);
});

it('a page that cannot be loaded is told of, once, and can be tried again', async () => {
  const loadURL = vi.spyOn(BrowserWindow.prototype, 'loadURL').mockRejectedValueOnce(new Error('ERR_FAILED'));
  const told: { what: string; remedy: Remedy | undefined }[] = [];
  const window = createMonitorWindow({
    preload: 'preload.cjs',
    state: rememberedState(),
    connect: () => {},
    closing: () => 'hides',
    log: () => {},
    reportFailure: async (what, _cause, remedy) => {
      told.push({ what, remedy });
    },
  });
  window.show();
  await vi.waitUntil(() => told.length > 0);
  expect([told[0]?.what, told[0]?.remedy?.label, window.isVisible()]).toEqual([
    'The page could not be loaded',
    'Try again',
    false,
  ]);
  told[0]?.remedy?.run();
  await vi.waitUntil(() => window.isVisible());
  expect(told).toHaveLength(1);
  loadURL.mockRestore();
});

it('a window that ends while its page is loading is no failure', async () => {
  vi.spyOn(BrowserWindow.prototype, 'loadURL').mockImplementationOnce(async () => {
    await new Promise(setImmediate);
    throw new Error('ERR_ABORTED');
  });
  const reportFailure = vi.fn(async () => {});
  const window = createMonitorWindow({
    preload: 'preload.cjs',
    state: rememberedState(),
    connect: () => {},
    closing: () => 'hides',
    log: () => {},
    reportFailure,
  });
  window.show();
  window.end();
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  expect(reportFailure).not.toHaveBeenCalled();
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

describe('the picture of the window', () => {
  it('is brought along on Linux, where X11 has no other, beside the built preload script', async () => {
    on('linux');
    const preload = join('app', 'out', 'preload', 'index.cjs');
    const { native } = await opened({ preload });
    expect(native.options.icon).toBe(join('app', 'out', 'renderer', 'icon.png'));
  });

  it.each(['win32', 'darwin'] as const)('is that of the program on %s', async (name) => {
    on(name);
    expect((await opened()).native.options).not.toHaveProperty('icon');
  });
});
