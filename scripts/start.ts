/**
 * `npm start`: builds what is out of date, then starts the desktop app, or serves the same monitor in
 * the browser where a desktop app cannot run. Options are those of the app itself.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { helpText, inOnePiece, parseCommandLine } from '../src/host/program/command-line.ts';
import { outliveTerminal } from '../src/host/program/terminal.ts';
import { buildIfNeeded } from './build.ts';
import { type DesktopRun, runDesktop } from './electron/desktop-run.ts';
import { prepareElectron } from './electron/electron-runtime.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const parsed = parseCommandLine(args);

outliveTerminal();
endWithNpm();
if (!parsed.ok) {
  console.error(parsed.message);
  process.exitCode = 2;
} else if (parsed.value.show === 'help') console.log(helpText().trimEnd());
else if (parsed.value.show === 'version') console.log(manifest.version);
else if (await buildIfNeeded(root)) await startHost(parsed.value.host);
else process.exitCode = 1;

async function startHost(wanted: 'web' | 'desktop' | null): Promise<void> {
  if (wanted === 'web') return startWeb();
  const desktop = await startDesktop();
  if (desktop.ran) {
    process.exitCode = desktop.code;
    return;
  }
  if (wanted === 'desktop') {
    console.error(`The desktop app cannot start here: ${desktop.reason}`);
    process.exitCode = 1;
    return;
  }
  console.log(`The desktop app cannot start here, so the monitor is shown in the browser: ${desktop.reason}`);
  return startWeb();
}

/** Runs the browser host in this very process. */
async function startWeb(): Promise<void> {
  await import(pathToFileURL(join(root, 'out', 'main', 'web.js')).href);
}

async function startDesktop(): Promise<DesktopRun> {
  const electron = await prepareElectron(root);
  return electron.ok
    ? runDesktop(electron.path, [root, ...inOnePiece(args)])
    : { ran: false, reason: electron.reason };
}

/**
 * npm hands on the signals that it gets, but to a shell between us, and most shells keep them to themselves and just
 * end. Then this process is given to another parent, and takes that for the signal.
 */
function endWithNpm(): void {
  // Anybody else may leave it running on purpose. Windows gives no process to another parent.
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
