import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, win32 } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { findCompanionPlace, installCompanion } from './companion-installer.ts';

vi.mock('node:fs/promises', { spy: true });

const shipped = join(import.meta.dirname, '..', '..', '..', 'companion', 'comfy_monitor_companion');

let customNodes: string;
let place: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'companion-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  customNodes = join(folder, 'custom_nodes');
  place = join(customNodes, 'comfy_monitor_companion');
  await mkdir(customNodes);
});

const server = (url: string, ...folders: string[]) => ({ url, customNodeFolders: async () => folders });

/** The names of all files, also in subfolders; without what Python compiled. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !name.includes('__pycache__'))
    .sort();
}

describe('the place of the companion node', () => {
  it('is in the custom_nodes of a ComfyUI on this computer', async () => {
    const rest = server('http://127.0.0.1:8188', '/not/there/custom_nodes', customNodes);
    expect(await findCompanionPlace(rest)).toEqual({ ok: true, path: place });
  });

  it.each([
    ['runs on another computer', 'http://gpu-box:8188', 'another computer'],
    ['names no folder', 'http://localhost:8188', 'does not say'],
  ])('is unknown when the server %s', async (_, url, reason) => {
    const found = await findCompanionPlace(server(url, ...(url.includes('gpu') ? [customNodes] : [])));
    expect(!found.ok && found.reason).toContain(reason);
  });

  it('is none that merely a hostile server names', async () => {
    const home = join(customNodes, '..');
    const rest = server('http://127.0.0.1:8188', home, 'custom_nodes', join(home, 'nowhere', 'custom_nodes'));
    expect((await findCompanionPlace(rest)).ok).toBe(false);
  });

  it('is on a drive where it is on Windows: to look at a network folder is to log in there', async () => {
    const folders = ['\\\\evil\\share\\custom_nodes', '//evil/share/custom_nodes', 'C:\\Comfy\\custom_nodes'];
    vi.mocked(stat).mockClear();
    await findCompanionPlace(server('http://127.0.0.1:8188', ...folders), win32);
    expect(vi.mocked(stat).mock.calls).toEqual([['C:\\Comfy\\custom_nodes']]);
  });
});

describe('installing the companion node', () => {
  it('copies every file of it, and leaves nothing else behind', async () => {
    await installCompanion(shipped, place);
    expect(await readdir(customNodes)).toEqual(['comfy_monitor_companion']);
    const names = await filesIn(shipped);
    expect(names).toContain(join('measure', 'gpus', 'nvml.py'));
    expect(await filesIn(place)).toEqual(names);
    for (const name of names)
      expect(await readFile(join(place, name))).toEqual(await readFile(join(shipped, name)));
  });

  it('replaces an older one', async () => {
    await mkdir(place);
    await writeFile(join(place, 'pyproject.toml'), 'name = "comfy-monitor-companion"\nversion = "0.0.1"\n');
    await writeFile(join(place, 'outdated.py'), '');
    await installCompanion(shipped, place);
    expect(await readdir(place)).not.toContain('outdated.py');
    expect(await readdir(customNodes)).toEqual(['comfy_monitor_companion']);
  });

  it('touches nothing that is not ours', async () => {
    await mkdir(place);
    await writeFile(join(place, 'somebody.py'), 'precious');
    await expect(installCompanion(shipped, place)).rejects.toThrow('There is something else at');
    expect(await readFile(join(place, 'somebody.py'), 'utf8')).toBe('precious');
  });

  it('does not follow a link that lies in its place', async () => {
    const elsewhere = join(customNodes, '..', 'elsewhere');
    await mkdir(elsewhere);
    await symlink(elsewhere, place);
    await expect(installCompanion(shipped, place)).rejects.toThrow('There is something else at');
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it('says why when the folder cannot be written', async () => {
    await rm(customNodes, { recursive: true });
    await expect(installCompanion(shipped, place)).rejects.toThrow('could not be written (ENOENT)');
  });

  it('keeps the older one when the new one cannot be read', async () => {
    await mkdir(place);
    await writeFile(join(place, 'pyproject.toml'), 'name = "comfy-monitor-companion"\n');
    await expect(installCompanion(join(shipped, 'missing'), place)).rejects.toThrow('could not be copied');
    expect(await readdir(place)).toEqual(['pyproject.toml']);
  });
});
