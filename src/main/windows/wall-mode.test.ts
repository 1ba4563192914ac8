import { expect, it, onTestFinished, vi } from 'vitest';
import * as electron from '../testing/fake-electron.ts';
import { rememberedState } from '../testing/remembered-state.ts';
import { createWallMode } from './wall-mode.ts';
import { createMonitorWindow } from './window.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const { BrowserWindow, powerSaveBlocker } = electron;

/** Wall mode of a window in sight. */
async function wall() {
  const window = createMonitorWindow({
    preload: 'preload.cjs',
    state: rememberedState({}),
    connect: () => {},
    closing: () => 'hides',
    log: () => {},
    reportFailure: async () => {},
  });
  const wallMode = createWallMode(window);
  onTestFinished(() => {
    wallMode.set(false);
    window.end();
  });
  window.show();
  await expect.poll(() => window.isVisible()).toBe(true);
  const shown = BrowserWindow.all.at(-1);
  if (!shown) throw new Error('no window');
  return { window, wallMode, shown };
}

const staysOn = () => powerSaveBlocker.running.size > 0;

it('takes the whole screen, which stays on until the mode is left', async () => {
  const { wallMode, shown } = await wall();
  expect(staysOn()).toBe(false);
  wallMode.set(true);
  await expect.poll(() => shown.isFullScreen()).toBe(true);
  expect(staysOn()).toBe(true);
  wallMode.set(false);
  await expect.poll(() => shown.isFullScreen()).toBe(false);
  expect(staysOn()).toBe(false);
});

it('asks for the screen once, however often the page says that it shows the mode', async () => {
  const { wallMode } = await wall();
  wallMode.set(true);
  wallMode.set(true);
  expect(powerSaveBlocker.running.size).toBe(1);
  wallMode.set(false);
  expect(staysOn()).toBe(false);
});

it('lets the screen go dark while nobody sees the wall, and keeps it on when it is back', async () => {
  const { window, wallMode } = await wall();
  wallMode.set(true);
  window.hide();
  await expect.poll(staysOn).toBe(false);
  window.show();
  await expect.poll(staysOn).toBe(true);
});

it('keeps no screen on for a window that is shown without the mode', async () => {
  const { window, wallMode } = await wall();
  wallMode.set(true);
  window.hide();
  wallMode.set(false);
  window.show();
  await expect.poll(() => window.isVisible()).toBe(true);
  expect(staysOn()).toBe(false);
});
