/**
 * The app's own part in `npm run desktop:check`: it does what cannot be done from outside, and tells what cannot be
 * seen from there. Loaded only when the check starts the app; see `protocol.ts` for all that it can be asked.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { app, BrowserWindow, globalShortcut, Menu, safeStorage, type WebContents } from 'electron';
import { z } from 'zod';
import type { ActionRequest } from '../../contract/actions/action.ts';
import { causeMessage } from '../../domain/text/cause-text.ts';
import type { MonitorHost } from '../../host/monitor-host.ts';
import type { MonitorTray } from '../tray/tray.ts';
import type { MiniMode } from '../windows/mini-mode.ts';
import type { MonitorWindow } from '../windows/window.ts';
import { probeScript } from './page-probes.ts';
import {
  type CheckAnswers,
  type CheckedPage,
  type CheckLook,
  type CheckNews,
  type CheckOrder,
  checkedShortcut,
  type InnerQuit,
  type OrderName,
  type ProbeName,
  probeSchemas,
  type SentByApp,
  sentOrderSchema,
  type WindowAct,
} from './protocol.ts';

/** The parts of the running app that the check looks at. */
export interface CheckedParts {
  host: MonitorHost;
  window: MonitorWindow;
  mini: MiniMode;
  tray: MonitorTray;
  hasTray: () => boolean;
  run: (command: ActionRequest) => void;
}

export interface DesktopCheck {
  /** The app is put together; its page is loaded next. */
  started(parts: CheckedParts): void;
  /** What became of a notification; `failure` is null when it was shown. */
  notified(title: string, failure: string | null): void;
}

/** Chromium's ERR_ABORTED. */
const aborted = -3;

/** How long a page may take for a probe, ms. */
const probePatience = 20_000;

/**
 * Takes orders from the process that started the app. It has to be called before there are windows. Null if the
 * app must not be checked: the reason has been sent then, and the app ends.
 */
export function startDesktopCheck(): DesktopCheck | null {
  const refusal = refusalOf(app.getPath('userData'));
  if (refusal !== null) {
    send({ news: 'refused', why: refusal });
    console.error(refusal);
    app.exit(2);
    return null;
  }
  const faults: CheckLook['faults'] = { policy: [], page: [], console: [] };
  app.on('web-contents-created', (_event, contents) => watchPage(contents, faults));
  app.on('browser-window-created', (_event, window) => {
    window.on('show', () => send({ news: 'window shown', page: pageOf(window) }));
    window.webContents.on('did-finish-load', () => send({ news: 'page loaded', page: pageOf(window) }));
  });
  let start: (parts: CheckedParts) => void = () => {};
  const parts = new Promise<CheckedParts>((done) => {
    start = done;
  });
  process.on('message', (message: unknown) => {
    const sent = sentOrderSchema.safeParse(message);
    if (!sent.success) {
      console.error(`an order of the desktop check was not understood: ${sent.error.message}`);
      return;
    }
    const { id, order } = sent.data;
    parts
      .then((known) => carryOut(order, known, faults))
      .then(
        (value) => send({ id, ok: true, value }),
        (cause: unknown) => send({ id, ok: false, message: causeMessage(cause) }),
      );
  });
  // No one else would end an app whose window may be hidden.
  process.on('disconnect', () => app.exit(3));
  process.channel?.unref();
  send({ news: 'ready' });
  return {
    started(known) {
      start(known);
      send({ news: 'started' });
    },
    notified: (title, failure) => send({ news: 'notification', title, failure }),
  };
}

/** Why the app may not be ordered about: no process listens, or the folder holds what users have trusted it with. */
function refusalOf(userDataDir: string): string | null {
  if (existsSync(join(userDataDir, 'secrets.json')))
    return `--desktop-check needs a fresh data folder, but ${userDataDir} holds passwords.`;
  if (!process.send) return '--desktop-check is for `npm run desktop:check`, which starts the app by itself.';
  return null;
}

function send(message: SentByApp | CheckNews): void {
  if (process.connected) process.send?.(message);
}

async function carryOut(
  order: CheckOrder,
  parts: CheckedParts,
  faults: CheckLook['faults'],
): Promise<CheckAnswers[OrderName]> {
  switch (order.do) {
    case 'look':
      return look(parts, faults);
    case 'capture': {
      const image = await windowOf(order.page).webContents.capturePage();
      return { png: image.toPNG().toString('base64') };
    }
    case 'window':
      act(order.act, parts);
      return {};
    case 'probe':
      return probe(order.probe, order.page);
    case 'shortcut':
      return setShortcut(order.wanted, parts.host);
    case 'crash page':
      windowOf('main').webContents.forcefullyCrashRenderer();
      return {};
    case 'quit':
      quit(order.way, parts);
      return {};
  }
}

function act(what: WindowAct, { window, mini }: CheckedParts): void {
  switch (what) {
    case 'show':
      window.show();
      break;
    case 'hide':
      window.hide();
      break;
    case 'close':
      windowOf('main').close();
      break;
    case 'minimise':
      windowOf('main').minimize();
      break;
    case 'restore':
      windowOf('main').restore();
      break;
    case 'mini mode':
      mini.set(true);
      break;
    case 'full window':
      mini.set(false);
  }
}

/** The page may be loaded anew while it is asked: it is found again until it answers. */
async function probe(name: ProbeName, page: CheckedPage): Promise<unknown> {
  const deadline = performance.now() + probePatience;
  for (;;) {
    const contents = findWindow(page)?.webContents;
    const ready = contents && !contents.isCrashed() && !contents.isLoading() && contents.getURL() !== '';
    if (ready) {
      // As if the user had just clicked: players and full screen ask for that.
      const answer: unknown = await Promise.race([
        contents.executeJavaScript(probeScript(name), true),
        delay(Math.max(0, deadline - performance.now()), undefined, { ref: false }),
      ]);
      if (answer !== undefined) return probeSchemas[name].parse(answer);
    }
    if (performance.now() >= deadline)
      throw new Error(`the page did not answer “${name}” within ${probePatience / 1000} s`);
    await delay(5);
  }
}

async function setShortcut(wanted: boolean, host: MonitorHost): Promise<{ registered: boolean }> {
  const { window } = host.settings.current.preferences;
  await host.calls.changePreferences({ window: { ...window, shortcut: wanted ? checkedShortcut : null } });
  return { registered: globalShortcut.isRegistered(checkedShortcut) };
}

/** Answered first, as the app may be gone at once; and never amid Electron's events, in which users do not quit. */
function quit(way: InnerQuit, parts: CheckedParts): void {
  if (way === 'while loading' && !windowOf('main').webContents.isLoading())
    throw new Error('the page is loaded already');
  const run = (): void => {
    switch (way) {
      case 'while loading':
      case 'tray command':
        parts.run({ do: 'quit' });
        break;
      case 'application menu':
        chooseQuit();
        break;
      case 'close window':
        windowOf('main').close();
    }
  };
  setTimeout(run, 0);
}

function chooseQuit(): void {
  // The items of macOS's menus are carried out by the system itself.
  if (process.platform === 'darwin') {
    Menu.sendActionToFirstResponder('terminate:');
    return;
  }
  const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
  const item = items.find(({ role }) => role === 'quit');
  if (!item) throw new Error('the application menu has no item to quit');
  item.click();
}

function look(parts: CheckedParts, faults: CheckLook['faults']): CheckLook {
  return {
    versions: {
      app: app.getVersion(),
      electron: process.versions.electron ?? '',
      chromium: process.versions.chrome ?? '',
      node: process.versions.node,
    },
    isPackaged: app.isPackaged,
    processes: app.getAppMetrics().map(({ pid, type, name, sandboxed, integrityLevel, cpu, memory }) => ({
      pid,
      type,
      name: name ?? null,
      sandboxed: sandboxed ?? null,
      integrityLevel: integrityLevel ?? null,
      cpuSeconds: cpu.cumulativeCPUUsage ?? null,
      memory: (memory.privateBytes ?? memory.workingSetSize) * 1024,
    })),
    gpuFeatures: z.record(z.string(), z.string()).parse(app.getGPUFeatureStatus()),
    hardwareAcceleration: hardwareAcceleration(),
    windows: BrowserWindow.getAllWindows().map((window) => ({
      page: pageOf(window),
      title: window.getTitle(),
      visible: window.isVisible(),
      minimised: window.isMinimized(),
      fullScreen: window.isFullScreen(),
    })),
    hasTray: parts.hasTray(),
    tray: parts.tray.look(),
    shortcutRegistered: globalShortcut.isRegistered(checkedShortcut),
    keyStore: keyStore(),
    servers: parts.host.store.getState().servers.map(({ connection, queueLength }) => ({
      connected: connection.phase === 'connected',
      queueLength,
    })),
    faults,
  };
}

/** Older Electrons than ours, on which the check runs too, do not send. */
function hardwareAcceleration(): boolean | null {
  return 'isHardwareAccelerationEnabled' in app ? app.isHardwareAccelerationEnabled() : null;
}

/** Only its name: asking whether it can be used would open it. */
function keyStore(): string | null {
  if (process.platform !== 'linux' || !('getSelectedStorageBackend' in safeStorage)) return null;
  return safeStorage.getSelectedStorageBackend();
}

function findWindow(page: CheckedPage): BrowserWindow | undefined {
  return BrowserWindow.getAllWindows().find((window) => !window.isDestroyed() && pageOf(window) === page);
}

function windowOf(page: CheckedPage): BrowserWindow {
  const window = findWindow(page);
  if (!window) throw new Error(`there is no window with the ${page} page`);
  return window;
}

function pageOf(window: BrowserWindow): CheckedPage {
  return window.webContents.getURL().endsWith('#mini') ? 'mini' : 'main';
}

function watchPage(contents: WebContents, faults: CheckLook['faults']): void {
  const isOurs = (): boolean => contents.getType() === 'window';
  contents.on('console-message', (...args: unknown[]) => {
    const line = consoleLine(args);
    if (!line || !isOurs()) return;
    if (/Content Security Policy/i.test(line.message)) faults.policy.push(line.message);
    else if (line.isError && line.message.startsWith('Uncaught')) faults.page.push(line.message);
    else if (line.isError) faults.console.push(line.message);
  });
  contents.on('preload-error', (_event, _path, error) =>
    faults.page.push(`preload script: ${error.message}`),
  );
  contents.on('did-fail-load', (_event, code, description, url) => {
    // A load that another one took the place of has not failed.
    if (code !== aborted) faults.page.push(`${url} was not loaded: ${description} (${code})`);
  });
}

/** Since Electron 35 the event carries its details; before, they were arguments of their own. */
const consoleMessage = z.union([
  z.tuple([z.looseObject({ level: z.string(), message: z.string() })], z.unknown()),
  z.tuple([z.unknown(), z.number(), z.string()], z.unknown()),
]);

/** Null for what is neither. */
export function consoleLine(args: readonly unknown[]): { isError: boolean; message: string } | null {
  const read = consoleMessage.safeParse(args);
  if (!read.success) return null;
  const [event, level, message] = read.data;
  if (typeof level === 'number' && typeof message === 'string') return { isError: level >= 3, message };
  const details = z.object({ level: z.string(), message: z.string() }).safeParse(event);
  return details.success ? { isError: details.data.level === 'error', message: details.data.message } : null;
}
