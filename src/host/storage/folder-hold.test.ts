import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { FolderHeldError, type FolderHold, holdFolder } from './folder-hold.ts';

let folder: string;
const lines: string[] = [];
beforeEach(async () => {
  lines.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'hold-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function hold(path = folder, kind: 'desktop' | 'browser' = 'browser'): Promise<FolderHold> {
  const held = await holdFolder(path, kind, (line) => lines.push(line));
  onTestFinished(() => held.release());
  return held;
}

/** Another process that has the folder. */
async function holder(): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { holdFolder } from ${JSON.stringify(import.meta.resolve('./folder-hold.ts'))};
       await holdFolder(process.argv[1], 'desktop', console.error);
       setInterval(() => {}, 1_000);
       console.log('held');`,
      folder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

describe('a data folder', () => {
  it('is for one host at a time, and the other is told who has it and what to do', async () => {
    const first = await hold(folder, 'desktop');
    const refused = hold();
    await expect(refused).rejects.toThrow(FolderHeldError);
    await expect(refused).rejects.toThrow(
      `Another Comfy Monitor (the desktop app, process ${process.pid}) is running on ${folder}. ` +
        "Two at once would overwrite each other's settings. Use that one or end it first, or start this one on " +
        'another folder with --user-data-dir.',
    );
    await first.release();
    await first.release();
    await hold();
    expect(lines).toEqual([]);
  });

  it('is given to exactly one of many that start together, also after a crash', async () => {
    const child = await holder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => hold()));
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it('is held by a process until that ends, however it does', async () => {
    const child = await holder();
    await expect(hold()).rejects.toThrow(`the desktop app, process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await hold();
    expect(lines).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is held by a process that is stopped', async () => {
    const child = await holder();
    child.kill('SIGSTOP');
    await expect(hold()).rejects.toThrow('(it does not say which)');
  });

  it('is the same folder by whatever path', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'linked'), 'junction');
    await hold(join(folder, 'real'));
    await expect(hold(join(folder, 'linked'))).rejects.toThrow(FolderHeldError);
  });

  it('may have a path that is longer than the address of a socket', async () => {
    const deep = join(folder, 'a'.repeat(100), 'b'.repeat(100));
    await hold(deep);
    await expect(hold(deep)).rejects.toThrow(FolderHeldError);
    expect(lines).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is used without a hold where none can be had', async () => {
    await writeFile(join(folder, 'running.sock'), 'mine');
    await hold();
    await hold();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/another monitor on .* would not be noticed: .*running\.sock is no socket/);
    expect(await readFile(join(folder, 'running.sock'), 'utf8')).toBe('mine');
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('may be read only', async () => {
    await chmod(folder, 0o500);
    await hold();
    expect(await readdir(folder)).toEqual([]);
    expect(lines).toHaveLength(1);
  });
});
