/** Finds Electron's runtime, and has it installed where that is possible. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installElectron } from './electron-installation.ts';

export type ElectronRuntime = { ok: true; path: string } | { ok: false; reason: string };

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

/**
 * The executable of the runtime, or null for none: the npm package comes without it. As in Electron's own
 * `index.js`, ELECTRON_OVERRIDE_DIST_PATH names a folder with another one, and then `path.txt` may be missing,
 * as where a package manager of the system brings Electron.
 */
export function findElectron(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const noted = textOf(join(folder, 'path.txt'));
  const { ELECTRON_OVERRIDE_DIST_PATH: elsewhere } = environment;
  const names = elsewhere ? [noted, executableOn(platform), 'electron'] : [noted];
  const paths = names.flatMap((name) => (name ? [join(elsewhere || join(folder, 'dist'), name)] : []));
  return paths.find((path) => existsSync(path)) ?? null;
}

function executableOn(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * What keeps tests from starting the real Electron; null for nothing. Throws where `REQUIRE_ELECTRON` is
 * set: tests that are always skipped say nothing, and that would not be noticed.
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
export async function prepareElectron(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
  obstacle: string | null = desktopObstacle(process.platform, environment),
): Promise<ElectronRuntime> {
  if (obstacle) return { ok: false, reason: obstacle };
  const installed = findElectron(root, environment);
  if (installed) return inSandbox(installed);
  const unwanted = downloadObstacle(environment);
  if (unwanted) return { ok: false, reason: unwanted };
  const failure = await installElectron(root, { environment });
  if (failure !== null) return { ok: false, reason: `Electron could not be installed (${failure}).` };
  const path = findElectron(root, environment);
  return path ? inSandbox(path) : { ok: false, reason: "Electron's runtime is damaged; run npm ci again." };
}

/** Why no runtime is to be fetched, though none was found; null for nothing against it. */
function downloadObstacle(environment: NodeJS.ProcessEnv): string | null {
  const { ELECTRON_OVERRIDE_DIST_PATH: elsewhere } = environment;
  if (elsewhere)
    return `ELECTRON_OVERRIDE_DIST_PATH leads to ${elsewhere}, where no Electron is; correct or remove it.`;
  // Electron's installer no longer knows it, since npm no longer runs that. Whoever sets it wants no download.
  const skip = ['ELECTRON_SKIP_BINARY_DOWNLOAD', 'npm_config_electron_skip_binary_download'].find(
    (name) => environment[name],
  );
  return skip ? `Electron is not installed, and ${skip} forbids to download it.` : null;
}

function inSandbox(path: string): ElectronRuntime {
  const reason = sandboxObstacle(path);
  return reason === null ? { ok: true, path } : { ok: false, reason };
}
