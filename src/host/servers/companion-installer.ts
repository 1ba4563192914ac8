import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import nodePath, { join, type PlatformPath } from 'node:path';
import type { ComfyRest } from '../../comfy/rest/comfy-rest.ts';
import type { ServerMonitor } from '../../comfy/server-monitor.ts';
import { BridgeError } from '../../contract/bridge/bridge.ts';
import type { CallHandlers } from '../../contract/bridge/bridge-host.ts';
import type { CompanionPlace } from '../../contract/server-details.ts';
import { causeText } from '../../domain/text/cause-text.ts';
import { t } from '../../language/t.ts';
import type { Log } from '../log/log-file.ts';
import { isLoopback } from '../outputs/output-file.ts';
import { isOnThisMachine } from '../outputs/output-folder.ts';

/** Name of the companion's folder, here and in `custom_nodes`. */
const folderName = 'comfy_monitor_companion';

export interface CompanionCallsOptions {
  monitorOf: (serverId: string) => ServerMonitor | undefined;
  /** The companion node as it is shipped with the app. */
  shipped: string;
  log: Log;
}

/** Answers where the companion node of a server belongs, and puts it there. */
export function companionCalls({
  monitorOf,
  shipped,
  log,
}: CompanionCallsOptions): Pick<CallHandlers, 'findCompanionPlace' | 'installCompanion'> {
  async function placeOf(serverId: string): Promise<CompanionPlace> {
    const monitor = monitorOf(serverId);
    if (!monitor) throw new BridgeError(t('host.unwatched'));
    return findCompanionPlace(monitor.rest);
  }

  return {
    findCompanionPlace: ({ serverId }) => placeOf(serverId),
    async installCompanion({ serverId, path }) {
      const place = await placeOf(serverId);
      if (!place.ok) throw new BridgeError(place.reason);
      // Written is only where the user was shown that it would be.
      if (place.path !== path) throw new BridgeError(t('host.companion.moved', { path: place.path }));
      await installCompanion(shipped, path);
      log(`the companion node was copied to ${path}`);
    },
  };
}

/**
 * Finds the folder in a server's `custom_nodes` where our companion node belongs. Only for a server on
 * this computer, and only where the folder that it names really is here. Never rejects.
 */
export async function findCompanionPlace(
  rest: Pick<ComfyRest, 'url' | 'customNodeFolders'>,
  flavour: PlatformPath = nodePath,
): Promise<CompanionPlace> {
  if (!isLoopback(rest.url))
    return {
      ok: false,
      reason: t('host.companion.remote'),
    };
  const folders = await rest.customNodeFolders().catch(() => []);
  for (const folder of folders) {
    if (!isOnThisMachine(folder, flavour) || flavour.basename(folder) !== 'custom_nodes') continue;
    const found = await stat(folder).catch(() => null);
    if (found?.isDirectory()) return { ok: true, path: join(folder, folderName) };
  }
  return {
    ok: false,
    reason: t('host.companion.no_place'),
  };
}

/**
 * Copies the companion node to its place, or replaces an older one. Whatever else is there is left alone.
 * Throws `BridgeError` with a sentence if that is not possible.
 */
export async function installCompanion(source: string, place: string): Promise<void> {
  const there = await lstat(place).catch(() => null);
  if (there && !(there.isDirectory() && (await isCompanion(place))))
    throw new BridgeError(t('host.companion.taken', { path: place }));
  const fresh = await mkdtemp(`${place}.new-`).catch((cause: NodeJS.ErrnoException) => {
    throw new BridgeError(t('host.companion.unwritable', { path: place, why: cause.code ?? cause.message }));
  });
  try {
    await copyFiles(source, join(fresh, folderName));
    if (there) await rename(place, join(fresh, 'old'));
    await rename(join(fresh, folderName), place).catch(async (cause: unknown) => {
      if (there) await rename(join(fresh, 'old'), place);
      throw cause;
    });
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? causeText(cause.code) : causeText(cause);
    throw new BridgeError(t('host.companion.failed', { path: place, why }));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** File by file: the source may lie inside the app's archive, where not every call of `fs` works. */
async function copyFiles(source: string, target: string): Promise<void> {
  await mkdir(target);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isFile()) await writeFile(to, await readFile(from));
    // What Python compiled here is of no use there.
    else if (entry.isDirectory() && entry.name !== '__pycache__') await copyFiles(from, to);
  }
}

async function isCompanion(folder: string): Promise<boolean> {
  const project = await readFile(join(folder, 'pyproject.toml'), 'utf8').catch(() => '');
  return /^name\s*=\s*"comfy-monitor-companion"/m.test(project);
}
