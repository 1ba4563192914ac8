import { expect, it, onTestFinished, vi } from 'vitest';
import * as electron from '../testing/fake-electron.ts';
import { rememberedState } from '../testing/remembered-state.ts';
import { createMiniMode } from './mini-mode.ts';
import { createMonitorWindow } from './window.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const { BrowserWindow, desktop } = electron;

/** Mini mode with its strip open, at `x` and 40. */
async function openedStrip(x: number) {
  const options = {
    preload: 'preload.cjs',
    state: rememberedState({ mini: { x, y: 40, width: 360, height: 104 } }),
    log: () => {},
    reportFailure: async () => {},
  };
  const window = createMonitorWindow({ ...options, connect: () => {}, closing: () => 'hides' });
  const mini = createMiniMode({ ...options, window, connect: () => {}, hasTray: () => true });
  mini.set(true);
  const strip = BrowserWindow.all.at(-1);
  if (!strip) throw new Error('no strip');
  await expect.poll(() => strip.isVisible()).toBe(true);
  return { mini, strip };
}

it('the strip comes back on a display that is still there', async () => {
  const displays = desktop.displays;
  onTestFinished(() => {
    desktop.displays = displays;
  });
  const workArea = { x: 1_920, y: 0, width: 1_920, height: 1_040 };
  desktop.displays = [...displays, { id: 2, workArea, scaleFactor: 1 }];
  const { mini, strip } = await openedStrip(3_000);
  mini.set(false);
  await expect.poll(() => strip.isVisible()).toBe(false);
  desktop.displays = displays;
  mini.set(true);
  expect(strip.getBounds()).toEqual({ x: 780, y: 468, width: 360, height: 104 });
});

it('a strip whose page crashed out of sight shows it again', async () => {
  const { mini, strip } = await openedStrip(0);
  strip.webContents.crash();
  mini.set(false);
  await expect.poll(() => strip.isVisible()).toBe(false);
  strip.webContents.crash();
  expect(strip.webContents.reloads).toBe(1);
  mini.set(true);
  expect(strip.webContents.reloads).toBe(2);
});
