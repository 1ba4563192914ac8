import { join } from 'node:path';
import { app, Notification, nativeImage, powerMonitor, shell } from 'electron';
import { causeText } from '../domain/text/cause-text.ts';
import { runsOn } from '../host/log/diagnostics.ts';
import { type Log, lastLogLines } from '../host/log/log-file.ts';
import { createLocalMachine } from '../host/machine/local-machine.ts';
import { createMonitorHost, type MonitorHost } from '../host/monitor-host.ts';
import { readPageFiles } from '../host/page/page-files.ts';
import type { CommandLine } from '../host/program/command-line.ts';
import { onLanguage } from '../language/t.ts';
import { actionsOnDesktop } from './actions.ts';
import type { DesktopCheck } from './desktop-check/desktop-check.ts';
import { answerPages } from './ipc.ts';
import type { Ending } from './lifecycle/ending.ts';
import type { ReportFailure } from './lifecycle/failures.ts';
import { followLifecycle } from './lifecycle/lifecycle.ts';
import type { SecondStarts } from './lifecycle/second-starts.ts';
import { setApplicationMenu } from './system/application-menu.ts';
import { fileViewer } from './system/file-viewer.ts';
import { followGlobalShortcut } from './system/global-shortcut.ts';
import { openKeyStore } from './system/key-store.ts';
import { followLoginItem, startedOutOfSight } from './system/login-item.ts';
import { startNotifier } from './system/notifier.ts';
import { isOnWayland } from './system/wayland.ts';
import type { SessionBus } from './tray/session-bus/bus.ts';
import { startTray } from './tray/tray.ts';
import { showsTrayIcons } from './tray/tray-detection.ts';
import { doWithoutTray } from './tray/without-tray.ts';
import { installationOf, isSignedForMac } from './updates/installation.ts';
import { startUpdates } from './updates/updates.ts';
import { createMiniMode } from './windows/mini-mode.ts';
import { answerSchemes, mediaBase } from './windows/schemes.ts';
import { followTheme } from './windows/theme.ts';
import { createWallMode } from './windows/wall-mode.ts';
import { createMonitorWindow, type MonitorWindow } from './windows/window.ts';
import { openWindowState } from './windows/window-state.ts';

export interface DesktopOptions {
  commandLine: CommandLine;
  /** The `out` folder, with the page and the preload script. */
  builtDir: string;
  log: Log;
  reportFailure: ReportFailure;
  ending: Ending;
  secondStarts: SecondStarts;
  /** Whether this desktop draws tray icons; asked of the system unless given. */
  traySupport?: Promise<boolean>;
  /** The session bus of a Linux desktop, null for none; the user's unless given. */
  sessionBus?: SessionBus | null;
  /** Looks on, and orders about, when `npm run desktop:check` started the app. */
  check?: DesktopCheck | null;
}

/** Puts the desktop app together: one host, one window, the tray and the notifications that follow it. */
export async function startDesktop({
  commandLine,
  builtDir,
  log,
  reportFailure,
  ending,
  secondStarts,
  traySupport,
  sessionBus,
  check = null,
}: DesktopOptions): Promise<void> {
  const installation = installationOf({
    isPackaged: app.isPackaged,
    isSignedForMac: isSignedForMac(join(builtDir, '..')),
    platform: process.platform,
    execPath: process.execPath,
    environment: process.env,
  });
  const logFolder = join(app.getPath('userData'), 'logs');
  const host = await createMonitorHost({
    userDataDir: app.getPath('userData'),
    commandLine,
    info: {
      appVersion: app.getVersion(),
      platform: process.platform,
      runsOn: runsOn(process.versions),
      mediaBase,
    },
    desktop: {
      abilities: {
        notifies: Notification.isSupported(),
        startsAtLogin: installation.kind !== 'development',
        findsUpdates: installation.kind !== 'development',
        updatesItself: installation.updatesItself,
        ownsShortcut: !isOnWayland(),
      },
      viewer: fileViewer,
      logs: {
        lastLines: () => lastLogLines(logFolder),
        open: async () => (await shell.openPath(logFolder)) || null,
      },
      miniMode: (on) => mini.set(on),
      wallMode: (on) => wall.set(on),
      restartToUpdate: () => {
        if (updates.ready() === null) return false;
        ending.end(0, () => updates.install());
        return true;
      },
      openKeyStore,
    },
    machine: (log) => createLocalMachine({ log }),
    companionDir: join(builtDir, 'companion'),
    languages: app.getPreferredSystemLanguages(),
    licencesFile: join(builtDir, 'licences.txt'),
    log,
  });
  answerSchemes({ files: await readPageFiles(join(builtDir, 'renderer')), media: host.media });
  followTheme(host.settings);
  const drawMenuBar = (): void =>
    setApplicationMenu({ run: (request) => run(request), toggleMiniMode: () => mini.toggle() });
  drawMenuBar();
  onLanguage(drawMenuBar);

  const preload = join(builtDir, 'preload', 'index.cjs');
  const state = openWindowState(app.getPath('userData'), log);
  const connect = answerPages(host);
  let hasTray = true;
  const window = createMonitorWindow({
    preload,
    state,
    connect,
    closing: () => (hasTray ? 'hides' : 'quits'),
    log,
    reportFailure,
  });
  const mini = createMiniMode({
    preload,
    state,
    window,
    connect,
    hasTray: () => hasTray,
    log,
    reportFailure,
  });
  const wall = createWallMode(window);
  const showJob = (serverId: string, promptId: string): void => {
    window.show();
    host.showJob(serverId, promptId);
  };
  const run = actionsOnDesktop({ host, window, mini, showJob, log });
  const updates = startUpdates({ host, installation, onReady: () => tray.refresh(), log });
  const bus = sessionBus === undefined ? await usersSessionBus(log) : sessionBus;
  const tray = startTray({
    host,
    window,
    bus,
    update: updates.ready,
    run: (request) => run(request),
    log,
  });
  // Desktops of Linux find the icon of a program by its installed .desktop file, which an AppImage has not.
  const icon =
    process.platform === 'linux' ? nativeImage.createFromPath(join(builtDir, 'renderer', 'icon.png')) : null;
  startNotifier({
    host,
    icon: icon?.isEmpty() ? null : icon,
    onClick: (job) => (job ? showJob(job.serverId, job.promptId) : window.show()),
    onOutcome: (title, failure) => check?.notified(title, failure),
    log,
  });
  const shortcut = followGlobalShortcut(host, () => window.toggle());
  followLifecycle({ host, window, secondStarts, log });
  ending.before(() => {
    tray.destroy();
    window.end();
    mini.end();
    shortcut.stop();
    state.flush();
    return host.stop();
  });
  followLoginItem({ settings: host.settings, installation, log });
  powerMonitor.on('resume', () => host.calls.reconnectAll());
  followWindowPreferences(host, window);
  const { platform, env: environment } = process;
  void (traySupport ?? showsTrayIcons({ platform, environment, bus })).then((supported) => {
    if (supported) return;
    hasTray = false;
    doWithoutTray({ host, window, state, log });
  });
  check?.started({ host, window, mini, tray, hasTray: () => hasTray, run });
  if (!commandLine.hidden && !startedOutOfSight(host.settings.current.preferences)) window.show();
}

/** Loaded late: only Linux needs it. */
async function usersSessionBus(log: Log): Promise<SessionBus | null> {
  if (process.platform !== 'linux') return null;
  try {
    const { openSessionBus, sessionBusAddress } = await import('./tray/session-bus/session-bus.ts');
    const address = sessionBusAddress(process.env);
    return address === null ? null : openSessionBus({ address, log });
  } catch (cause) {
    log(`the session bus is not used: ${causeText(cause)}`);
    return null;
  }
}

function followWindowPreferences({ settings }: MonitorHost, window: MonitorWindow): void {
  settings.follow(({ preferences }) => preferences.window.alwaysOnTop, window.setAlwaysOnTop);
}
