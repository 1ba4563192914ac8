import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { app, dialog } from 'electron';
import { type Log, openLogFile } from '../host/log/log-file.ts';
import { type CommandLine, helpText, parseCommandLine } from '../host/program/command-line.ts';
import { startSpeaking } from '../host/program/host-language.ts';
import { logToTerminal, outliveTerminal } from '../host/program/terminal.ts';
import { FolderHeldError, holdFolder } from '../host/storage/folder-hold.ts';
import { t } from '../language/t.ts';
import { startDesktop } from './desktop.ts';
import { drawsWithProcessor, settingsOnDisk } from './lifecycle/drawing.ts';
import { watchForEnd } from './lifecycle/ending.ts';
import { watchForFailures } from './lifecycle/failures.ts';
import { refuseSwitches } from './lifecycle/refused-switches.ts';
import { followSecondStarts, startRequestOf } from './lifecycle/second-starts.ts';
import { endWithStarter, notifyStarter } from './lifecycle/starter.ts';
import { complain, say } from './lifecycle/terminal.ts';
import { introduceToWindows } from './system/windows-identity.ts';
import { installationOf } from './updates/installation.ts';
import { declareSchemes } from './windows/schemes.ts';
import { spareNetworkProcess } from './windows/spare-memory.ts';

let writeLog: Log | null = null;
const log: Log = (line) => {
  logToTerminal(line);
  // Before it is known where the log file lies, there is none.
  writeLog?.(line);
};
outliveTerminal();
const ending = watchForEnd(log);
// First of all: what breaks before it is watched ends in a dialog that only developers understand.
const reportFailure = watchForFailures(log, () => ending.begun);
const refused = refuseSwitches();

// A packaged app is started as such; in development the first argument is the app's folder.
const parsed = app.isPackaged
  ? parseCommandLine(process.argv.slice(1), 'app')
  : parseCommandLine(process.argv.slice(2), 'electron');

if (!parsed.ok) {
  complain(parsed.message);
  ending.end(2);
} else if (parsed.value.show !== null) {
  say(parsed.value.show === 'help' ? helpText(programName()) : app.getVersion())
    .then(() => ending.end(0))
    .catch(giveUp);
} else {
  try {
    start(parsed.value);
  } catch (cause) {
    void giveUp(cause);
  }
}

function start(commandLine: CommandLine): void {
  if (commandLine.userDataDir !== null) {
    mkdirSync(commandLine.userDataDir, { recursive: true });
    app.setPath('userData', commandLine.userDataDir);
  }
  // The first instance hears of this one and shows its window.
  if (!app.requestSingleInstanceLock(startRequestOf(commandLine))) {
    notifyStarter();
    ending.end(0);
    return;
  }
  const secondStarts = followSecondStarts();
  writeLog = openLogFile({ folder: join(app.getPath('userData'), 'logs') });
  log(`${app.getName()} ${app.getVersion()} starts on ${process.platform} ${process.arch}`);
  if (refused.length > 0) log(`ignored in an installed app: --${refused.join(', --')}`);
  declareSchemes();
  // It takes back the switch that an AppImage is started with where users may have no namespaces of their own,
  // as on Ubuntu 24.04, and Chromium may then not start. Our windows ask for their sandbox by themselves.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  const settings = settingsOnDisk(app.getPath('userData'));
  if (drawsWithProcessor(settings, commandLine.servers, process.platform)) app.disableHardwareAcceleration();
  spareNetworkProcess();
  introduceToWindows(log);
  endWithStarter();
  const builtDir = join(import.meta.dirname, '..');
  app
    .whenReady()
    .then(async () => {
      // What keeps the app from starting is said, too.
      startSpeaking(app.getPreferredSystemLanguages());
      notifyStarter();
      // Loaded only then: it costs users nothing.
      const check = commandLine.desktopCheck
        ? (await import('./desktop-check/desktop-check.ts')).startDesktopCheck()
        : null;
      if (commandLine.desktopCheck && !check) return;
      // Other instances of this app are covered above; the browser monitor is not. Held until the process ends.
      await holdFolder(app.getPath('userData'), 'desktop', log);
      await startDesktop({ commandLine, builtDir, log, reportFailure, ending, secondStarts, check });
    })
    .catch(giveUp);
}

async function giveUp(cause: unknown): Promise<void> {
  notifyStarter();
  if (cause instanceof FolderHeldError) {
    log(cause.message);
    const message = t('host.running', { app: app.getName() });
    // What keeps the dialog from being shown must not keep the app from its end.
    await dialog.showMessageBox({ type: 'warning', message, detail: cause.advice }).catch(() => {});
  } else await reportFailure(t('host.not_started'), cause);
  ending.end(1);
}

/** What the user starts the app by; null in development, where that is npm. */
function programName(): string | null {
  const { isPackaged } = app;
  const { platform, execPath, env: environment } = process;
  return isPackaged
    ? basename(installationOf({ isPackaged, platform, execPath, environment }).program)
    : null;
}
