import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTestHost } from '../host/testing/test-host.ts';
import { showInTaskbar } from './taskbar.ts';
import * as electron from './testing/fake-electron.ts';
import { rememberedState } from './testing/remembered-state.ts';
import { startTray } from './tray.ts';
import { createMonitorWindow } from './window.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

const { BrowserWindow, desktop, screen, Tray } = electron;
const platform = process.platform;
const on = (name: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: name });
const before = desktop.displays;
const workArea = { x: 0, y: 0, width: 1920, height: 1040 };

afterEach(() => {
  on(platform);
  desktop.displays = before;
});

/** As a user does it in the settings of the display. */
function scaleTo(scaleFactor: number): void {
  desktop.displays = [{ id: 1, workArea, scaleFactor }];
  screen.emit('display-metrics-changed', {}, desktop.displays[0], ['scaleFactor']);
}

async function startedTray() {
  const { host } = await startTestHost();
  const window = createMonitorWindow({
    preload: 'preload.cjs',
    state: rememberedState(),
    connect: () => {},
    closing: () => 'hides',
    log: () => {},
    tellFailure: async () => {},
  });
  const shown = startTray({ host, window, update: () => null, run: () => {} });
  onTestFinished(() => shown.destroy());
  const tray = Tray.all.at(-1);
  if (!tray) throw new Error('no tray');
  return { sizes: () => tray.images.at(-1)?.representations };
}

describe('the tray icon', () => {
  it('is one picture on Windows, as large as the main display needs it', async () => {
    on('win32');
    scaleTo(1.5);
    const { sizes } = await startedTray();
    expect(sizes()).toMatchObject([{ scaleFactor: 1, width: 24 }]);
    scaleTo(1.25);
    expect(sizes()).toMatchObject([{ scaleFactor: 1, width: 20 }]);
  });

  it('comes in all sizes where the system chooses', async () => {
    on('darwin');
    const { sizes } = await startedTray();
    expect(sizes()).toContainEqual(expect.objectContaining({ scaleFactor: 1, width: 16 }));
    expect(sizes()).toContainEqual(expect.objectContaining({ scaleFactor: 2, width: 32 }));
  });
});

it('the number on the button in the taskbar of Windows is as large as its display needs it', () => {
  on('win32');
  scaleTo(2);
  const window = new BrowserWindow();
  Reflect.apply(showInTaskbar, null, [window, { progress: { kind: 'none' }, badge: 3 }, null]);
  expect(window.overlay?.representations).toMatchObject([{ scaleFactor: 1, width: 32 }]);
});
