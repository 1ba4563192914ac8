/** Finds Electron's runtime, and downloads it where that is possible. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { downloadArtifact } from '@electron/get';
import { z } from 'zod';

export type ElectronRuntime = { ok: true; path: string } | { ok: false; reason: string };

/** A download that brings nothing for so long is given up, ms. */
const patience = 8_000;

/** What keeps a desktop app from running here, whatever is installed; null for nothing. */
export function desktopObstacle(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  userId: number | undefined = process.getuid?.(),
): string | null {
  if (platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'this machine has no display.';
  if (userId === 0) return 'Electron does not run as root; start it as an ordinary user.';
  return null;
}

/**
 * Chromium's sandbox needs user namespaces, or a helper with the rights of root, which npm cannot install.
 * Without either Electron would crash at its start, as on Ubuntu since 24.04. Null for nothing in the way.
 */
export function sandboxObstacle(
  electron: string,
  platform: NodeJS.Platform = process.platform,
  allowsNamespaces: () => boolean = tryNamespace,
): string | null {
  if (platform !== 'linux') return null;
  const helper = statSync(join(dirname(electron), 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper && helper.uid === 0 && (helper.mode & 0o4000) !== 0) return null;
  return allowsNamespaces() ? null : "this system does not allow Chromium's sandbox.";
}

/** False only where it was tried and refused. */
function tryNamespace(): boolean {
  const { status } = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' });
  return status === null || status === 0;
}

/** The executable of the installed runtime, or null: the npm package comes without it. */
export function findElectron(root: string): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist');
  try {
    const path = join(dist, readFileSync(join(folder, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/**
 * What keeps tests from starting the real Electron; null for nothing. Throws where `REQUIRE_ELECTRON` is
 * set: tests that are always skipped say nothing, and nobody would notice.
 */
export function testObstacle(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
  obstacle: string | null = desktopObstacle(process.platform, environment),
): string | null {
  const installed = findElectron(root);
  const missing = "Electron's runtime is not installed; run npx install-electron.";
  const found = obstacle ?? (installed ? sandboxObstacle(installed) : missing);
  if (found !== null && environment.REQUIRE_ELECTRON)
    throw new Error(`REQUIRE_ELECTRON is set, but Electron cannot be tested here: ${found}`);
  return found;
}

/** Makes sure that Electron can run here; says in one sentence why not. Downloads at the first start. */
export async function prepareElectron(root: string): Promise<ElectronRuntime> {
  const obstacle = desktopObstacle();
  if (obstacle) return { ok: false, reason: obstacle };
  const installed = findElectron(root);
  if (installed) return inSandbox(installed);
  try {
    await download(root, patience);
    await unpack(root);
  } catch (cause) {
    const why = cause instanceof Error ? innermost(cause).message : String(cause);
    return { ok: false, reason: `Electron's runtime could not be downloaded (${why}).` };
  }
  const path = findElectron(root);
  return path ? inSandbox(path) : { ok: false, reason: "Electron's runtime is damaged; run npm ci again." };
}

function inSandbox(path: string): ElectronRuntime {
  const reason = sandboxObstacle(path);
  return reason === null ? { ok: true, path } : { ok: false, reason };
}

/** Brings the runtime into Electron's own cache. Rejects when nothing arrives for `patienceMs`. */
export async function download(root: string, patienceMs: number): Promise<void> {
  const folder = join(root, 'node_modules', 'electron');
  const { version } = z.object({ version: z.string() }).parse(readJson(join(folder, 'package.json')));
  const checksums = z.record(z.string(), z.string()).parse(readJson(join(folder, 'checksums.json')));
  const line = progressLine(`Downloading Electron ${version}, once`);
  const stalled = new AbortController();
  let watchdog = setTimeout(() => stalled.abort(), patienceMs);
  // Not every step of a download can be aborted; whoever waits is not kept waiting by that.
  const givenUp = new Promise<never>((_, reject) => {
    stalled.signal.addEventListener('abort', () =>
      reject(new Error(`nothing came for ${patienceMs / 1000} s`)),
    );
  });
  try {
    const downloaded = downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.env.npm_config_platform ?? process.platform,
      arch: process.env.npm_config_arch ?? process.arch,
      checksums,
      downloadOptions: {
        quiet: true,
        signal: stalled.signal,
        getProgressCallback: async ({ percent }: { percent: number }) => {
          clearTimeout(watchdog);
          watchdog = setTimeout(() => stalled.abort(), patienceMs);
          line.show(percent);
        },
      },
    });
    await Promise.race([downloaded, givenUp]);
  } finally {
    clearTimeout(watchdog);
    line.end();
  }
}

/** Lets Electron's own installer unpack what the cache holds now. */
function unpack(root: string): Promise<void> {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += String(chunk);
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) done();
      else failed(new Error(complaint.split('\n')[0] || `its installer ended with code ${code}`));
    });
  });
}

/** Shows a percentage in place on a terminal, and a line at the start elsewhere. */
function progressLine(text: string): { show(fraction: number): void; end(): void } {
  const { stdout } = process;
  stdout.write(stdout.isTTY ? `${text} …` : `${text} …\n`);
  return {
    show(fraction) {
      if (stdout.isTTY) stdout.write(`\r${text}: ${Math.floor(fraction * 100)}%`);
    },
    end() {
      if (stdout.isTTY) stdout.write('\n');
    },
  };
}

function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
