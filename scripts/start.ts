/**
 * `npm start`: builds what is out of date, then starts the desktop app, or serves the same monitor in
 * the browser where a desktop app cannot run. Options are those of the app itself.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { helpText, inOnePiece, parseCommandLine } from '../src/host/command-line.ts';
import { buildIfNeeded } from './build.ts';
import { prepareElectron } from './electron-runtime.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const parsed = parseCommandLine(args);

if (!parsed.ok) {
  console.error(parsed.message);
  process.exitCode = 2;
} else if (parsed.value.show === 'help') console.log(helpText().trimEnd());
else if (parsed.value.show === 'version') console.log(manifest.version);
else if (await buildIfNeeded(root)) await startHost(parsed.value.host);
else process.exitCode = 1;

async function startHost(wanted: 'web' | 'desktop' | null): Promise<void> {
  if (wanted === 'web') return startWeb();
  const electron = await prepareElectron(root);
  if (electron.ok) return startDesktop(electron.path);
  if (wanted === 'desktop') {
    console.error(`The desktop app cannot start here: ${electron.reason}`);
    process.exitCode = 1;
    return;
  }
  console.log(
    `The desktop app cannot start here, so the monitor is shown in the browser: ${electron.reason}`,
  );
  return startWeb();
}

/** Runs the browser host in this very process. */
async function startWeb(): Promise<void> {
  await import(pathToFileURL(join(root, 'out', 'main', 'web.js')).href);
}

function startDesktop(electron: string): void {
  const child = spawn(electron, [root, ...inOnePiece(args)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('error', (cause) => {
    console.error(`Electron could not be started: ${cause.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
