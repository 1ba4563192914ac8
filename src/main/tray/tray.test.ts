import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ActionRequest } from '../../contract/actions/action.ts';
import { event, image, queued, testServer } from '../../domain/testing/builders.ts';
import { startTestHost } from '../../host/testing/test-host.ts';
import * as electron from '../testing/fake-electron.ts';
import { rememberedState } from '../testing/remembered-state.ts';
import { showInTaskbar } from '../windows/taskbar.ts';
import { createMonitorWindow } from '../windows/window.ts';
import { FakeBus, FakePanel } from './session-bus/testing/fake-bus.ts';
import { startTray } from './tray.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const { BaseWindow, BrowserWindow, desktop, screen, Tray } = electron;
const platform = process.platform;
const on = (name: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value: name });
const before = desktop.displays;
const workArea = { x: 0, y: 0, width: 1920, height: 1040 };

beforeEach(() => {
  // Files are read in real time; only the tray's own clock is turned.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'Date', 'performance'] });
  Tray.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  on(platform);
  desktop.displays = before;
});

/** As a user does it in the settings of the display. */
function scaleTo(scaleFactor: number): void {
  desktop.displays = [{ id: 1, workArea, scaleFactor }];
  screen.emit('display-metrics-changed', {}, desktop.displays[0], ['scaleFactor']);
}

async function startedTray(bus: FakeBus | null = null) {
  const { host, lines } = await startTestHost();
  const window = createMonitorWindow({
    preload: 'preload.cjs',
    state: rememberedState(),
    connect: () => {},
    closing: () => 'hides',
    log: () => {},
    reportFailure: async () => {},
  });
  const ran: ActionRequest[] = [];
  const log: string[] = [];
  const shown = startTray({
    host,
    window,
    bus,
    update: () => null,
    run: (command) => ran.push(command),
    log: (line) => log.push(line),
  });
  onTestFinished(() => shown.destroy());
  const { store } = host;
  const now = () => Date.now();
  store.apply([
    event(now(), 'server_added', { server: testServer }),
    event(now(), 'connection_changed', { connection: { phase: 'connected', since: now() } }),
  ]);
  await vi.advanceTimersByTimeAsync(2_000);
  return {
    shown,
    window,
    ran,
    log,
    lines,
    /** What Electron shows, if it shows anything. */
    electronTray: () => Tray.all.filter((tray) => !tray.isDestroyed()),
    sizes: () => Tray.all.at(-1)?.images.at(-1)?.representations,
    async start(promptId: string, ...waiting: string[]) {
      store.apply([
        event(now(), 'queue_read', { running: [queued(promptId)], pending: waiting.map((id) => queued(id)) }),
        event(now(), 'prompt_described', { promptId, title: `Job ${promptId}`, nodeTotal: 1, nodeNames: {} }),
        event(now(), 'prompt_started', { promptId, startedAt: now() }),
      ]);
      await vi.advanceTimersByTimeAsync(1_000);
    },
    async step(promptId: string, step: number, max: number) {
      store.apply([
        event(now(), 'node_started', { promptId, nodeId: '1', displayNodeId: '1' }),
        event(now(), 'step_reached', { promptId, nodeId: '1', step, max }),
      ]);
      await vi.advanceTimersByTimeAsync(1_000);
    },
    async finish(promptId: string) {
      store.apply([
        event(now(), 'node_executed', { promptId, nodeId: '1', outputs: [image(`${promptId}.png`)] }),
        event(now(), 'prompt_finished', { promptId, outcome: 'success', finishedAt: now(), error: null }),
      ]);
      await vi.advanceTimersByTimeAsync(1_000);
    },
  };
}

/** A tray on a Linux desktop with a panel. */
async function trayInPanel(habits: { hears?: boolean } = {}) {
  on('linux');
  const bus = new FakeBus();
  bus.watcherIs('owned');
  const panel = new FakePanel(bus, habits);
  return { bus, panel, ...(await startedTray(bus)) };
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

  it('moves only as far as can be seen, and not in every step', async () => {
    on('win32');
    const { electronTray, start, step } = await startedTray();
    await start('p');
    const [tray] = electronTray();
    const before = tray?.images.length ?? 0;
    for (let index = 1; index <= 100; index += 1) await step('p', index, 100);
    expect((tray?.images.length ?? 0) - before).toBeGreaterThan(12);
    expect((tray?.images.length ?? 0) - before).toBeLessThanOrEqual(25);
  });
});

describe('an open menu keeps still, and a click does what stood there', () => {
  it.each(['win32', 'darwin', 'linux'] as const)('on %s', async (system) => {
    on(system);
    const bus = system === 'linux' ? new FakeBus() : null;
    bus?.watcherIs('owned');
    const panel = bus ? new FakePanel(bus) : null;
    const { electronTray, ran, start, step, finish } = await startedTray(bus);
    await start('p', 'q');
    await step('p', 1, 10);
    panel?.open();
    const menu = electronTray()[0]?.openMenu() ?? panel;
    const [, , interrupt] = menu?.labels.filter((label) => label !== '—') ?? [];
    expect(interrupt).toBe('Interrupt “Job p”');
    const order = menu?.labels.length;
    await step('p', 9, 10);
    await finish('p');
    await start('q');
    await step('q', 5, 10);
    expect(menu?.labels.length).toBe(order);
    expect(panel?.disturbances ?? 0).toBe(0);
    menu?.press('Quit');
    await vi.advanceTimersByTimeAsync(100);
    expect(ran).toEqual([{ do: 'quit' }]);
  });
});

describe('in a panel of Linux', () => {
  it.each([true, false])('the menu is what it is now when it is opened (hears: %s)', async (hears) => {
    const { panel, electronTray, start, step, finish, ran } = await trayInPanel({ hears });
    expect(electronTray()).toEqual([]);
    /** It does not say that it has closed its menu. */
    const restOf = () => vi.advanceTimersByTimeAsync(hears ? 0 : 40_000);
    panel.open();
    expect(panel.labels[0]).toBe('Test: connected');
    panel.dismiss();
    await start('p');
    await step('p', 5, 10);
    await restOf();
    panel.open();
    expect(panel.labels).toContainEqual(expect.stringContaining('Job p · step 5 of 10'));
    panel.dismiss();
    await finish('p');
    await start('q');
    await restOf();
    panel.open();
    expect(panel.labels.slice(0, 3)).toEqual(['Test: 1 running', '—', expect.stringContaining('Job q')]);
    panel.press('✓ Job p');
    await vi.advanceTimersByTimeAsync(100);
    expect(ran).toMatchObject([{ do: 'open_output', promptId: 'p' }]);
  });

  it('what ended under the pointer is told, and can do nothing to the next one', async () => {
    const { panel, start, finish } = await trayInPanel();
    await start('p', 'q');
    panel.open();
    await finish('p');
    await start('q');
    expect(panel.labels).toContain('Job p · ended');
    expect(() => panel.press('Interrupt')).toThrow('no item “Interrupt”');
  });

  it.each([true, false])('little is told while nobody looks (hears: %s)', async (hears) => {
    const { bus, panel, start, step, finish } = await trayInPanel({ hears });
    panel.open();
    panel.press('Show window');
    bus.signals.length = 0;
    for (const promptId of ['a', 'b', 'c']) {
      await start(promptId);
      for (let index = 1; index <= 60; index += 1) await step(promptId, index, 60);
      await finish(promptId);
    }
    const count = (name: string) => bus.signals.filter((signal) => signal === name).length;
    // It has no other way to learn of other rows: a prompt comes, it goes, and its result is there.
    expect(count('LayoutUpdated')).toBeLessThanOrEqual(hears ? 0 : 3 * 3);
    expect(count('ItemsPropertiesUpdated')).toBe(0);
    expect(count('NewIcon')).toBeLessThanOrEqual(3 * 27);
    expect(count('NewToolTip')).toBeLessThanOrEqual(3 * 17);
  });

  it('nothing lies over the menu while it is open', async () => {
    const { bus, panel, start, step } = await trayInPanel();
    await start('p');
    panel.open();
    bus.signals.length = 0;
    for (let index = 1; index <= 10; index += 1) await step('p', index, 10);
    expect(bus.signals).not.toContain('NewToolTip');
    panel.press('Show window');
    await vi.advanceTimersByTimeAsync(6_000);
    expect(bus.signals).toContain('NewToolTip');
    expect(panel.toolTip).toContain('Job p');
  });

  it('a click shows the window', async () => {
    const { panel, window } = await trayInPanel();
    expect(window.isVisible()).toBe(false);
    panel.click();
    await vi.advanceTimersByTimeAsync(100);
    expect(window.isVisible()).toBe(true);
  });

  it('the icon comes back with a panel that is started again, and there is never another beside it', async () => {
    const { bus, electronTray, log } = await trayInPanel();
    expect(bus.registrations).toBe(1);
    bus.watcherIs('free');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(electronTray()).toEqual([]);
    bus.watcherIs('owned');
    await vi.advanceTimersByTimeAsync(10_000);
    expect([bus.registrations, electronTray().length, log]).toEqual([2, 0, []]);
  });

  it('Electron looks for another way where no panel takes it, until one does', async () => {
    on('linux');
    const bus = new FakeBus();
    const { electronTray, start, shown } = await startedTray(bus);
    await start('p');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(electronTray()[0]?.toolTip).toContain('Job p');
    bus.watcherIs('owned');
    await vi.advanceTimersByTimeAsync(100);
    expect([bus.registrations, electronTray().length]).toEqual([1, 0]);
    bus.watcherIs('no bus');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(electronTray().length).toBe(1);
    shown.destroy();
    expect([bus.isClosed, electronTray().length]).toEqual([true, 0]);
  });

  it('Electron keeps showing it until the panel has taken it', async () => {
    on('linux');
    const bus = new FakeBus();
    const { electronTray, start } = await startedTray(bus);
    await vi.advanceTimersByTimeAsync(3_000);
    const [fallback] = electronTray();
    expect(fallback).toBeDefined();
    bus.refusal = new Error('no room');
    bus.watcherIs('owned');
    await vi.advanceTimersByTimeAsync(100);
    expect(electronTray()).toEqual([fallback]);
    await start('p');
    expect(fallback?.toolTip).toContain('Job p');
    bus.refusal = null;
    bus.watcherIs('owned');
    await vi.advanceTimersByTimeAsync(100);
    expect([bus.registrations, electronTray().length]).toEqual([1, 0]);
  });

  it('Electron shows it where the panel refuses it, and why stands in the log', async () => {
    on('linux');
    const bus = new FakeBus();
    bus.refusal = new Error('no room');
    bus.watcherIs('owned');
    const { electronTray, log } = await startedTray(bus);
    expect(electronTray().length).toBe(1);
    expect(log[0]).toContain('no room');
  });
});

describe('when nothing happens', () => {
  it('nothing is computed', async () => {
    on('win32');
    const { window } = await startedTray();
    await vi.advanceTimersByTimeAsync(5_000);
    const look = vi.spyOn(window, 'isFocused');
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    // What it says about tomorrow is another at midnight.
    expect(look.mock.calls.length).toBeLessThanOrEqual(24);
  });
});

it('the bar in the dock of macOS goes on while the window is closed', () => {
  on('darwin');
  const show = (window: unknown, fraction: number) => {
    const progress = { kind: 'known', fraction, failed: false };
    Reflect.apply(showInTaskbar, null, [window, { progress, badge: 0 }, null]);
  };
  const window = new BrowserWindow();
  show(window, 0.2);
  show(null, 0.4);
  expect(window.progress).toEqual([]);
  expect(BaseWindow.all.at(-1)?.options.show).toBe(false);
  expect(BaseWindow.all.at(-1)?.progress.slice(-2)).toEqual([0.2, 0.4]);
});

it('the number on the button in the taskbar of Windows is as large as its display needs it', () => {
  on('win32');
  scaleTo(2);
  const window = new BrowserWindow();
  Reflect.apply(showInTaskbar, null, [window, { progress: { kind: 'none' }, badge: 3 }, null]);
  expect(window.overlay?.representations).toMatchObject([{ scaleFactor: 1, width: 32 }]);
});
