import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WindowStateFile } from '../host/window-state.ts';
import * as electron from './testing/fake-electron.ts';
import { rememberedState } from './testing/remembered-state.ts';
import { createMonitorWindow, type MonitorWindow } from './window.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

const { BrowserWindow } = electron;

async function opened(options: { state?: WindowStateFile; hidden?: boolean } = {}) {
  const window: MonitorWindow = createMonitorWindow({
    preload: 'preload.cjs',
    hidden: options.hidden ?? false,
    state: options.state ?? rememberedState(),
    closing: () => 'hides',
    log: () => {},
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
