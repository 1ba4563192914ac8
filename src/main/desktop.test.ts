import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Simulator, startSimulator } from '../../simulator/simulator.ts';
import { textToImage } from '../../simulator/workflows.ts';
import { ComfyRest } from '../comfy/rest/comfy-rest.ts';
import { calls } from '../contract/bridge/calls.ts';
import { ipcChannels } from '../contract/bridge/ipc-channels.ts';
import { eventBatchSchema, snapshotSchema } from '../contract/snapshot.ts';
import { parseCommandLine } from '../host/program/command-line.ts';
import { startDesktop } from './desktop.ts';
import { watchForEnd } from './lifecycle/ending.ts';
import type { Remedy } from './lifecycle/failures.ts';
import { followSecondStarts } from './lifecycle/second-starts.ts';
import * as electron from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

const { app, BrowserWindow, desktop, Notification, powerMonitor, Tray } = electron;

/** The whole main process against a simulated ComfyUI; only Electron itself is a stand-in. */
describe('the desktop app', () => {
  let folder: string;
  let simulator: Simulator;
  let second: Simulator;
  let window: InstanceType<typeof BrowserWindow>;
  let tray: InstanceType<typeof Tray>;
  let tellTraySupport: (supported: boolean) => void = () => {};
  const lines: string[] = [];
  const failures: { what: string; remedy: Remedy | undefined }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'desktop-'));
    await mkdir(join(folder, 'out', 'renderer', 'assets'), { recursive: true });
    await writeFile(join(folder, 'out', 'renderer', 'index.html'), '<title>Comfy Monitor</title>');
    await writeFile(join(folder, 'out', 'renderer', 'assets', 'page.js'), 'void 0;');
    desktop.userData = join(folder, 'data');
    const outputDirectory = join(folder, 'output');
    [simulator, second] = await Promise.all([
      startSimulator({ scenario: 'idle', speed: 20, companion: true, outputDirectory }),
      startSimulator({ scenario: 'idle' }),
    ]);
    const parsed = parseCommandLine(['--server', simulator.url]);
    if (!parsed.ok) throw new Error(parsed.message);
    await mkdir(desktop.userData, { recursive: true });
    const remembered = {
      bounds: { x: 5_000, y: 40, width: 900, height: 700 },
      maximized: true,
      zoomLevel: 1,
    };
    await writeFile(join(desktop.userData, 'window-state.json'), JSON.stringify(remembered));
    await startDesktop({
      commandLine: parsed.value,
      builtDir: join(folder, 'out'),
      log: (line) => lines.push(line),
      reportFailure: async (what, _cause, remedy) => {
        failures.push({ what, remedy });
      },
      ending: watchForEnd((line) => lines.push(line)),
      secondStarts: followSecondStarts(),
      traySupport: new Promise((found) => {
        tellTraySupport = found;
      }),
      sessionBus: null,
    });
    const created = { window: BrowserWindow.all.at(-1), tray: Tray.all.at(-1) };
    if (!created.window || !created.tray) throw new Error('no window or no tray');
    ({ window, tray } = created);
    // It stays when it is hidden, so that these tests may take their time.
    window.webContents.holdsInput = true;
  });
  afterAll(async () => {
    await Promise.all([simulator?.stop(), second?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const call = (name: string, request?: unknown, frame: unknown = window.webContents.mainFrame) =>
    electron.invoke(frame, ipcChannels.call, name, request);
  const snapshot = async () =>
    z.object({ ok: z.literal(true), value: snapshotSchema }).parse(await call('getSnapshot')).value;
  const submit = (title: string, changes: { failure?: string; steps?: number } = {}) => {
    const { graph, workflow } = textToImage({ title, prompt: 'a lighthouse', seed: 1, ...changes });
    return simulator.submit(graph, { clientId: 'somebody', workflow });
  };
  const notifications = () => Notification.shown.map(({ options }) => options.title ?? '');

  it('shows its page in a sandbox without Node', async () => {
    await expect.poll(() => window.isVisible()).toBe(true);
    expect(window.webContents.mainFrame.url).toBe('app://monitor/index.html');
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    });
  });

  it('opens its window as it was, on a display that is still there', () => {
    expect(window.options).toMatchObject({ x: 510, y: 170, width: 900, height: 700 });
    expect(window.isMaximized()).toBe(true);
    expect(window.webContents.getZoomLevel()).toBe(1);
  });

  it('serves the page with a strict policy, and nothing beside it', async () => {
    const page = await electron.request('app://monitor/index.html');
    expect(await page.text()).toContain('Comfy Monitor');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await electron.request('app://monitor/assets/page.js')).headers.get('content-type')).toMatch(
      /javascript/,
    );
    for (const address of ['app://monitor/../package.json', 'app://elsewhere/index.html', 'app://monitor/x'])
      expect((await electron.request(address)).status).toBe(404);
  });

  it('keeps the page where it is', () => {
    const prevented = vi.fn();
    const go = (url: string) => window.webContents.emit('will-navigate', { url, preventDefault: prevented });
    go('https://example.com/');
    go('file:///etc/passwd');
    expect(prevented).toHaveBeenCalledTimes(2);
    go('app://monitor/index.html#queue');
    expect(prevented).toHaveBeenCalledTimes(2);
    const open: unknown = Reflect.apply(window.webContents.windowOpen ?? (() => null), null, [{ url: 'x:' }]);
    expect(open).toEqual({ action: 'deny' });
  });

  it('grants the page nothing but copying text, and the whole screen to its videos', () => {
    const check = (permission: string): unknown =>
      Reflect.apply(window.webContents.permissionCheck ?? (() => null), null, [null, permission]);
    const ask = (permission: string, requestingUrl = 'app://monitor/index.html', isMainFrame = true) => {
      const grant = vi.fn();
      const details = { requestingUrl, isMainFrame };
      Reflect.apply(window.webContents.permissionRequest ?? (() => null), null, [
        null,
        permission,
        grant,
        details,
      ]);
      return grant.mock.calls;
    };
    expect([check('clipboard-sanitized-write'), ask('clipboard-sanitized-write')]).toEqual([true, [[true]]]);
    for (const permission of ['media', 'geolocation', 'clipboard-read', 'openExternal'])
      expect([check(permission), ask(permission)]).toEqual([false, [[false]]]);
    expect(ask('fullscreen')).toEqual([[true]]);
    expect(ask('fullscreen', 'https://example.com/')).toEqual([[false]]);
    expect(ask('fullscreen', 'app://monitor/index.html', false)).toEqual([[false]]);
  });

  it('saves what the page made under a name that says what it is, and takes no file from elsewhere', () => {
    const save = (url: string) => {
      const prevented = vi.fn();
      const dialog = vi.fn();
      window.webContents.session.emit(
        'will-download',
        { preventDefault: prevented },
        { getURL: () => url, getFilename: () => 'studio 2026-01-31.png', setSaveDialogOptions: dialog },
      );
      return [prevented.mock.calls.length, dialog.mock.calls];
    };
    expect(save('blob:app://monitor/0f6b')).toEqual([0, [[{ title: 'studio 2026-01-31.png' }]]]);
    for (const url of [
      'https://example.com/x.exe',
      'comfy-media://monitor/a/view',
      'blob:https://example.com/x',
    ])
      expect(save(url)).toEqual([1, []]);
  });

  it('leaves the key store of the system alone as long as there is no login', async () => {
    expect(desktop.keyStore.opened).toBe(0);
    expect((await snapshot()).host.desktop?.keepsSecrets).toBeNull();
  });

  it('answers its own page only', async () => {
    expect((await snapshot()).host).toMatchObject({ desktop: { ownsShortcut: true }, appVersion: '1.2.3' });
    expect(await call('getSnapshot', undefined, { url: 'app://monitor/index.html' })).toMatchObject({
      ok: false,
    });
    expect(await call('getSnapshot', undefined, null)).toMatchObject({ ok: false });
    expect(await call('deleteEverything')).toMatchObject({ ok: false });
    expect(await call('removeServer', { serverId: 7 })).toMatchObject({ ok: false });
  });

  it('tells the tray and the page about a running prompt', async () => {
    await expect.poll(() => tray.toolTip).toContain('Idle');
    const before = tray.images.length;
    submit('Lighthouse at dusk', { steps: 120 });
    await expect.poll(() => tray.toolTip).toMatch(/Lighthouse at dusk · step \d+ of 120/);
    expect(tray.images.length).toBeGreaterThan(before);
    expect(tray.menu?.labels).toContainEqual(expect.stringMatching(/1 running/));
    const pushed = window.webContents.sent
      .filter(({ args }) => args[0] === 'events')
      .flatMap(({ args }) => eventBatchSchema.parse(args[1]).events.map(({ type }) => type));
    expect(pushed).toContain('prompt_started');
  });

  it('notifies once when the prompt has finished, and leads to it', async () => {
    await expect.poll(notifications).toContain('Finished: Lighthouse at dusk');
    const shown = Notification.shown.find(({ options }) => options.title?.includes('Lighthouse'));
    expect(shown?.options.body).toMatch(/s · 1 image/);
    expect(shown?.options.silent).toBe(false);
    window.close();
    expect(window.isVisible()).toBe(false);
    shown?.emit('click');
    expect(window.isVisible()).toBe(true);
    const led = window.webContents.sent.find(({ args }) => args[0] === 'showJob');
    const [job] = (await snapshot()).state.servers[0]?.finished ?? [];
    expect(led?.args[1]).toMatchObject({ promptId: job?.promptId });
    expect(notifications().filter((title) => title.includes('Lighthouse'))).toHaveLength(1);
  });

  it('opens the original of a result from the tray menu', async () => {
    await expect.poll(() => tray.menu?.labels).toContainEqual(expect.stringMatching(/✓ Lighthouse/));
    tray.menu?.press('✓ Lighthouse');
    await expect.poll(() => desktop.opened).toHaveLength(1);
    expect(desktop.opened[0]).toContain(join(folder, 'output'));
  });

  it('shows a result in its folder', async () => {
    const { server, finished } = (await snapshot()).state.servers[0] ?? {};
    const [job] = finished ?? [];
    const file = job?.outputs[0]?.file;
    const request = { serverId: server?.id, promptId: job?.promptId, file };
    expect(await call('revealOutput', request)).toEqual({ ok: true, value: { opened: true, message: null } });
    expect(desktop.revealed).toEqual(desktop.opened);
  });

  it('opens and shows a result from the buttons of its notification', async () => {
    const shown = Notification.shown.find(({ options }) => options.title?.includes('Lighthouse'));
    expect(shown?.options.actions?.map(({ text }) => text)).toEqual(['Open image', 'Show in folder']);
    shown?.emit('action', { actionIndex: 0 });
    shown?.emit('action', { actionIndex: 1 });
    await expect.poll(() => [desktop.opened.length, desktop.revealed.length]).toEqual([2, 2]);
    expect(new Set([...desktop.opened, ...desktop.revealed]).size).toBe(1);
  });

  describe('hands a result to the desktop', () => {
    /** The lighthouse, as the page names it. */
    async function result() {
      const { server, finished } = (await snapshot()).state.servers[0] ?? {};
      const [job] = finished ?? [];
      return { serverId: server?.id, promptId: job?.promptId, file: job?.outputs[0]?.file };
    }
    const done = { ok: true, value: { opened: true, message: null } };

    it('as a copy where people want it, which stays the medium it is', async () => {
      const asked = await result();
      electron.dialog.target = null;
      expect(await call('saveOutputAs', asked)).toEqual({
        ok: true,
        value: { opened: false, message: null },
      });
      electron.dialog.target = join(folder, 'My lighthouse.exe');
      expect(await call('saveOutputAs', asked)).toEqual(done);
      expect(await readFile(join(folder, 'My lighthouse.exe.png'))).toEqual(
        await readFile(desktop.opened[0] ?? ''),
      );
      expect(electron.dialog.proposals[0]).toMatchObject({
        defaultPath: expect.stringMatching(/_\.png$/),
        filters: [{ name: 'PNG', extensions: ['png'] }],
      });
      // For this longer name nobody agreed to overwrite anything.
      expect(await call('saveOutputAs', asked)).toMatchObject({
        value: { opened: false, message: expect.stringContaining('is there already') },
      });
    });

    it('from a folder that the user pointed at', async () => {
      electron.dialog.folder = null;
      expect(await call('chooseOutputFolder', { current: folder })).toEqual({
        ok: true,
        value: { path: null },
      });
      electron.dialog.folder = join(folder, 'shared');
      expect(await call('chooseOutputFolder', { current: null })).toMatchObject({
        value: { path: join(folder, 'shared') },
      });
      await call('chooseOutputFolder', { current: join(folder, 'shared') });
      // A page does not say where the system looks; what the user chose before may be said again.
      expect(electron.dialog.questions.map(({ defaultPath }) => defaultPath)).toEqual([
        undefined,
        undefined,
        join(folder, 'shared'),
      ]);
      expect(electron.dialog.questions[0]?.properties).toEqual(['openDirectory']);
    });

    it('on the clipboard, by its path, and by a drag', async () => {
      const asked = await result();
      expect(await call('outputPath', asked)).toEqual({ ok: true, value: { path: desktop.opened[0] } });
      expect(await call('copyOutputImage', asked)).toEqual(done);
      expect(desktop.copiedImages[0]?.type).toBe('image/png');
      expect(desktop.copiedImages[0]?.size).toBe((await readFile(desktop.opened[0] ?? '')).length);
      window.show();
      expect(await call('dragOutput', asked)).toEqual(done);
      expect(desktop.dragged).toEqual([desktop.opened[0]]);
    });

    it('with what it was made of', async () => {
      expect(await call('outputDetails', { ...(await result()), nodeId: '9' })).toMatchObject({
        ok: true,
        value: { text: null, parameters: { seed: '1', prompt: 'a lighthouse' } },
      });
    });

    it('and opens no address but that of a watched server', async () => {
      const { serverId } = await result();
      expect(await call('openServerPage', { serverId })).toEqual(done);
      expect(await call('openServerPage', { serverId: 'other' })).toMatchObject({ value: { opened: false } });
      expect(await call('openServerPage', { serverId, url: 'https://evil.example' })).toEqual(done);
      expect(desktop.browsed).toEqual([`${simulator.url}/`, `${simulator.url}/`]);
    });
  });

  it('serves thumbnails of watched servers and nothing else', async () => {
    const { state, host } = await snapshot();
    const server = state.servers[0];
    const file = server?.finished[0]?.outputs[0]?.file;
    const query = `filename=${file?.filename}&subfolder=${file?.subfolder}&type=output&variant=thumbnail`;
    const image = await electron.request(`${host.mediaBase}/${server?.server.id}/view?${query}`);
    expect(image.headers.get('content-type')).toMatch(/^image\//);
    // The page has another scheme, which Chromium takes for another site.
    expect(image.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const whole = `${host.mediaBase}/${server?.server.id}/view?${query.replace('&variant=thumbnail', '')}`;
    const part = await electron.request(whole, { headers: { range: 'bytes=1-3' } });
    expect([part.status, await part.text()]).toEqual([206, 'PNG']);
    expect((await electron.request(whole, { headers: { range: 'bytes=99999999-' } })).status).toBe(416);
    const others = [
      `unknown/view?${query}`,
      `${server?.server.id}/system_stats`,
      `${server?.server.id}/queue`,
    ];
    for (const path of others) expect((await electron.request(`${host.mediaBase}/${path}`)).status).toBe(404);
  });

  it('tells what failed, and marks the icon until the window was looked at', async () => {
    window.close();
    submit('Broken chair', { failure: 'wrong value' });
    await expect.poll(notifications).toContain('Failed: Broken chair');
    const shown = Notification.shown.at(-1);
    expect(shown?.options.body).toMatch(/ValueError|:/);
    await expect
      .poll(() => tray.menu?.labels)
      .toContainEqual(expect.stringMatching(/✗ failed: Broken chair/));
  });

  it('shows on its button in the taskbar what failed, until the window was looked at', async () => {
    const failed = process.platform === 'win32' ? { value: 1, mode: 'error' } : { value: -1, mode: 'none' };
    await expect.poll(() => window.progress.at(-1)).toEqual(failed);
    window.show();
    await expect.poll(() => window.progress.at(-1)).toEqual({ value: -1, mode: 'none' });
    window.close();
  });

  it('leaves a menu alone that is open', async () => {
    const opened = tray.menu;
    opened?.emit('menu-will-show');
    const { length } = tray.images;
    submit('Under the pointer', { steps: 60 });
    await expect.poll(() => tray.images.length).toBeGreaterThan(length);
    expect(tray.menu).toBe(opened);
    opened?.emit('menu-will-close');
    await expect.poll(() => tray.menu?.labels).toContainEqual(expect.stringContaining('Under the pointer'));
  });

  it('asks before it clears the queue, and interrupts what runs', async () => {
    submit('Long one', { steps: 2_000 });
    for (const title of ['Second', 'Third']) submit(title);
    await expect.poll(() => tray.menu?.labels).toContainEqual('Clear queue (2 waiting) …');
    const onButton = process.platform === 'win32' ? window.overlays.at(-1) : desktop.badge;
    expect(onButton).toEqual(process.platform === 'win32' ? '3 prompts in the queue' : 3);
    expect(window.progress.at(-1)).toMatchObject({ mode: expect.stringMatching(/^(normal|indeterminate)$/) });
    const waiting = async () => (await snapshot()).state.servers[0]?.pending.length;
    electron.dialog.answer = 1;
    tray.menu?.press('Clear queue (2 waiting) …');
    await expect.poll(() => electron.dialog.shown.at(-1)?.message).toContain('2 waiting prompts');
    expect(await waiting()).toBe(2);
    electron.dialog.answer = 0;
    tray.menu?.press('Clear queue (2 waiting) …');
    await expect.poll(waiting).toBe(0);
    await expect.poll(() => tray.menu?.labels).toContainEqual('Interrupt “Long one”');
    // The first that a server is asked, whether it can cancel or only interrupt.
    const interrupt = vi.spyOn(ComfyRest.prototype, 'cancelJob');
    const opened = tray.menu;
    opened?.press('Interrupt “Long one”');
    await expect
      .poll(async () => (await snapshot()).state.servers[0]?.finished[0])
      .toMatchObject({ title: 'Long one', state: 'interrupted' });
    // A panel may still show it. Older servers would interrupt whatever runs by then.
    opened?.press('Interrupt “Long one”');
    expect(interrupt).toHaveBeenCalledOnce();
    interrupt.mockRestore();
  });

  it('pauses notifications from the tray, tells the page, and resumes them', async () => {
    await expect.poll(() => tray.menu?.labels).toContain('Pause notifications until tomorrow, 08:00');
    tray.menu?.press('Pause notifications for 1 hour');
    const { notificationsPausedUntil } = await snapshot();
    expect(notificationsPausedUntil).toBeGreaterThan(Date.now() + 3_500_000);
    submit('Not a word of this');
    await expect
      .poll(async () => (await snapshot()).state.servers[0]?.finished[0])
      .toMatchObject({ title: 'Not a word of this', state: 'success', source: 'history' });
    await expect
      .poll(() => tray.menu?.labels)
      .toContainEqual(expect.stringMatching(/^Resume notifications \(paused until .*\d\d:\d\d\)$/));
    tray.menu?.press('Resume notifications');
    expect((await snapshot()).notificationsPausedUntil).toBeNull();
    expect(notifications().join()).not.toContain('Not a word of this');
    const pushed = window.webContents.sent.filter(({ args }) => args[0] === 'notificationsPaused');
    expect(pushed.map(({ args }) => args[1])).toEqual([{ until: notificationsPausedUntil }, { until: null }]);
  });

  it('is as dark as it is asked to be', async () => {
    expect(electron.nativeTheme.themeSource).toBe('system');
    await call('changePreferences', { appearance: { theme: 'dark', compact: false } });
    expect(electron.nativeTheme.themeSource).toBe('dark');
  });

  it('shows its logs, and has a report without secrets', async () => {
    await call('openLogs');
    expect(desktop.opened.at(-1)).toBe(join(desktop.userData, 'logs'));
    const { text } = calls.getDiagnostics.response.parse(
      z.object({ value: z.unknown() }).parse(await call('getDiagnostics')).value,
    );
    expect(text).toContain('Comfy Monitor 1.2.3 (desktop)');
    expect(text).toContain(simulator.url);
  });

  it('shows the window at a click on the tray, and hides it at the next', () => {
    expect(window.isVisible()).toBe(false);
    tray.click();
    expect(window.isVisible()).toBe(true);
    tray.click();
    expect(window.isVisible()).toBe(false);
  });

  it('shows the window when it is started again, and watches what was asked for', async () => {
    // Chromium may put its own switches anywhere in the command line.
    const argv = ['electron', '--server', '--allow-file-access-from-files', second.url];
    app.emit('second-instance', {}, argv, '/', { servers: [second.url], demo: false, hidden: false });
    expect(window.isVisible()).toBe(true);
    await expect.poll(async () => (await snapshot()).state.servers.length).toBe(2);
  });

  it('reconnects at once when the computer wakes up', async () => {
    await second.setReachable(false);
    second.dropConnections();
    const phase = async () => (await snapshot()).state.servers[1]?.connection.phase;
    await expect.poll(phase).toBe('waiting');
    await second.setReachable(true);
    powerMonitor.emit('resume');
    await expect.poll(phase).toBe('connected');
  });

  it('shows the strip of the mini mode instead of the window, and answers it as it answers the window', async () => {
    window.show();
    tray.menu?.press('Mini mode');
    const strip = BrowserWindow.all.at(-1);
    if (!strip || strip === window) throw new Error('no strip');
    strip.webContents.holdsInput = true;
    await expect.poll(() => strip.isVisible()).toBe(true);
    expect(window.isVisible()).toBe(false);
    expect(strip.options).toMatchObject({ frame: false, alwaysOnTop: true });
    expect(strip.options.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true });
    const { mainFrame } = strip.webContents;
    expect(mainFrame.url).toBe('app://monitor/index.html#mini');
    expect(await call('setMiniMode', { on: 'yes' }, mainFrame)).toMatchObject({ ok: false });
    strip.setBounds({ x: 40, width: 420 });

    expect(await call('setMiniMode', { on: false }, mainFrame)).toMatchObject({ ok: true });
    await expect.poll(() => [strip.isVisible(), window.isVisible()]).toEqual([false, true]);
    await call('setMiniMode', { on: true });
    expect([strip.isVisible(), window.isVisible()]).toEqual([true, false]);
    tray.click();
    expect([strip.isVisible(), window.isVisible()]).toEqual([false, true]);

    strip.webContents.holdsInput = false;
    strip.close();
    expect(await call('getSnapshot', undefined, mainFrame)).toMatchObject({ ok: false });
    await call('setMiniMode', { on: true });
    expect(BrowserWindow.all.at(-1)?.getBounds()).toMatchObject({ x: 40, width: 420 });
    window.show();
  });

  it('leads from the tray to the settings', () => {
    window.close();
    tray.menu?.press('Settings …');
    expect(window.isVisible()).toBe(true);
    expect(window.webContents.sent.at(-1)?.args).toEqual(['showSettings', undefined]);
  });

  it('follows what the user wants of the window', async () => {
    const prefer = (changes: object) =>
      call('changePreferences', { window: { alwaysOnTop: false, shortcut: null, ...changes } });
    const notices = async () =>
      z
        .object({ value: snapshotSchema })
        .parse(await call('getSnapshot'))
        .value.notices.map(({ what }) => what);
    await prefer({ alwaysOnTop: true, shortcut: 'Control+Shift+M' });
    expect(window.isAlwaysOnTop()).toBe(true);
    desktop.shortcuts.get('Control+Shift+M')?.();
    expect(window.isVisible()).toBe(false);
    desktop.takenShortcuts.push('Alt+Space');
    for (const shortcut of ['Alt+Space', 'no such key']) {
      await prefer({ shortcut });
      expect([...desktop.shortcuts.keys()]).toEqual([]);
      expect(await notices()).toEqual([`The shortcut ${shortcut} does not work.`]);
    }
    expect(window.isAlwaysOnTop()).toBe(false);
    await prefer({ shortcut: 'Control+K' });
    expect(await notices()).toEqual([]);
  });

  it('logs a page that does not answer, and a GPU process that ended', () => {
    window.emit('unresponsive');
    window.emit('responsive');
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 139 });
    expect(lines.slice(-3)).toEqual([
      'the page does not answer',
      expect.stringMatching(/^the page answers again, after \d+ ms$/),
      "Chromium's GPU process ended (crashed, 139)",
    ]);
  });

  it('loads a crashed page again, but not over and over without being asked to', () => {
    window.show();
    window.webContents.crash();
    expect([window.webContents.reloads, failures]).toEqual([1, []]);
    window.webContents.crash();
    expect(window.webContents.reloads).toBe(1);
    const [failure] = failures.splice(0);
    expect(failure?.what).toBe('The page stopped working again');
    failure?.remedy?.run();
    expect([failure?.remedy?.label, window.webContents.reloads]).toEqual(['Reload', 2]);
  });

  it('loads a page again that crashed out of sight when it is shown, and asks nobody before', () => {
    window.hide();
    window.webContents.crash();
    expect([window.webContents.reloads, failures]).toEqual([2, []]);
    tray.click();
    expect([window.isVisible(), window.webContents.reloads]).toEqual([true, 3]);
    // From the taskbar, without us.
    window.minimize();
    window.webContents.crash();
    failures.splice(0);
    const before = window.webContents.reloads;
    window.restore();
    expect(window.webContents.reloads).toBe(before + 1);
  });

  it('shows the window when the demo is asked for in the tray, and does not when it has started', async () => {
    const servers = async () => (await snapshot()).state.servers.map(({ server }) => server);
    for (const { id } of await servers()) await call('removeServer', { serverId: id });
    await expect.poll(() => tray.menu?.labels).toContain('Try the demo');
    window.hide();
    tray.menu?.press('Try the demo');
    expect(window.isVisible()).toBe(true);
    window.hide();
    await expect.poll(async () => (await servers()).map(({ demo }) => demo)).toEqual([true]);
    expect(window.isVisible()).toBe(false);
    await call('stopDemo');
  });

  it('shows its window and says so where nobody draws tray icons; closing it then quits', async () => {
    window.hide();
    tellTraySupport(false);
    await expect.poll(() => window.isVisible()).toBe(true);
    const { notices } = z.object({ value: snapshotSchema }).parse(await call('getSnapshot')).value;
    expect(notices.map(({ id }) => id)).toEqual(['no-tray']);
    const quit = vi.spyOn(app, 'quit').mockImplementation(() => {});
    window.close();
    expect(quit).toHaveBeenCalledOnce();
    expect(window.isVisible()).toBe(true);
    quit.mockRestore();
  });

  it('quits from the tray and leaves nothing behind', async () => {
    tray.menu?.press('Quit');
    await expect.poll(() => desktop.exitCode).toBe(0);
    expect(window.isDestroyed()).toBe(true);
    expect(tray.isDestroyed()).toBe(true);
    expect(desktop.shortcuts.size).toBe(0);
    const remembered: unknown = JSON.parse(
      await readFile(join(desktop.userData, 'window-state.json'), 'utf8'),
    );
    expect(remembered).toMatchObject({ maximized: true, mini: { x: 40, width: 420 }, told: ['no-tray'] });
    await expect.poll(() => simulator.clientCount).toBe(0);
  });
});
