import { join } from 'node:path';
import { app } from 'electron';
import { type CommandLine, helpText, parseCommandLine } from '../host/command-line.ts';
import { openLogFile } from '../host/log-file.ts';
import { appId, toastActivatorClsid } from './app-id.ts';
import { startDesktop } from './desktop.ts';
import { watchForFailures } from './failures.ts';
import { declareSchemes } from './schemes.ts';
import { followSecondStarts, tellFirstInstance } from './second-starts.ts';

// A packaged app is started as such; in development the first argument is the app's folder.
const parsed = parseCommandLine(process.argv.slice(app.isPackaged ? 1 : 2), true);

if (!parsed.ok) {
  console.error(parsed.message);
  app.exit(2);
} else if (parsed.value.show !== null) {
  process.stdout.write(`${parsed.value.show === 'help' ? helpText.trimEnd() : app.getVersion()}\n`);
  app.exit(0);
} else {
  if (parsed.value.userDataDir !== null) app.setPath('userData', parsed.value.userDataDir);
  // The first instance hears of this one and shows its window.
  if (app.requestSingleInstanceLock(tellFirstInstance(parsed.value))) start(parsed.value);
  else app.quit();
}

function start(commandLine: CommandLine): void {
  const secondStarts = followSecondStarts();
  const writeLog = openLogFile({ folder: join(app.getPath('userData'), 'logs') });
  const log = (line: string): void => {
    console.error(line);
    writeLog(line);
  };
  const tellFailure = watchForFailures(log);
  log(`${app.getName()} ${app.getVersion()} starts on ${process.platform} ${process.arch}`);
  declareSchemes();
  app.enableSandbox();
  // Windows shows notifications only for apps that say who they are.
  app.setAppUserModelId(appId);
  if (process.platform === 'win32') app.setToastActivatorCLSID(toastActivatorClsid);
  app
    .whenReady()
    .then(() =>
      startDesktop({
        commandLine,
        builtDir: join(import.meta.dirname, '..'),
        log,
        tellFailure,
        secondStarts,
      }),
    )
    .catch(async (cause: unknown) => {
      await tellFailure('The monitor could not start', cause);
      app.exit(1);
    });
}
