import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { helpText, parseCommandLine } from '../host/command-line.ts';
import { openLogFile } from '../host/log-file.ts';
import { startDesktop } from './desktop.ts';
import { watchForFailures } from './failures.ts';
import { tellFirstInstance } from './lifecycle.ts';
import { declareSchemes } from './schemes.ts';
import { introduceToWindows } from './windows-identity.ts';

// A packaged app is started as such; in development the first argument is the app's folder.
const parsed = parseCommandLine(process.argv.slice(app.isPackaged ? 1 : 2), true);

if (!parsed.ok) {
  console.error(parsed.message);
  app.exit(2);
} else if (parsed.value.show !== null) {
  process.stdout.write(`${parsed.value.show === 'help' ? helpText.trimEnd() : app.getVersion()}\n`);
  app.exit(0);
} else {
  const { userDataDir } = parsed.value;
  // Electron takes whole paths only, and of folders that exist.
  if (userDataDir !== null) {
    mkdirSync(userDataDir, { recursive: true });
    app.setPath('userData', resolve(userDataDir));
  }
  // The first instance hears of this one and shows its window.
  if (app.requestSingleInstanceLock(tellFirstInstance(parsed.value))) start(parsed.value);
  else app.quit();
}

function start(commandLine: Parameters<typeof startDesktop>[0]['commandLine']): void {
  const writeLog = openLogFile({ folder: join(app.getPath('userData'), 'logs') });
  const log = (line: string): void => {
    console.error(line);
    writeLog(line);
  };
  const failure = watchForFailures(log);
  log(`${app.getName()} ${app.getVersion()} starts on ${process.platform} ${process.arch}`);
  declareSchemes();
  // An AppImage starts without the sandbox where the system does not allow one. Asking for it all the same
  // would only half undo that, and pages stay white; they have no more rights than before in any case.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  introduceToWindows(log);
  app
    .whenReady()
    .then(() => startDesktop({ commandLine, builtDir: join(import.meta.dirname, '..'), log }))
    .catch(async (cause: unknown) => {
      await failure('The monitor could not start', cause);
      app.exit(1);
    });
}
