import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { videoMemoryOf } from './checks/cost.ts';
import {
  killEverything,
  parseStat,
  processTree,
  readPosixList,
  readWindowsList,
  stillThere,
} from './processes.ts';

describe('processes', () => {
  it('are read from /proc, whatever their name is', () => {
    expect(parseStat('42 (a) b (c) S 7 42 42 0 -1 0 0 0 0 0 120 30 0 0 20 0 5 0 4711')).toEqual({
      state: 'S',
      parent: 7,
      cpuTicks: 150,
      startedAt: '4711',
    });
  });

  it('are read from what ps prints', () => {
    expect(
      readPosixList('    1     0 Mon Jan  5 10:00:00 2026\n  321     1 Mon Jan  5 10:01:02 2026\n'),
    ).toEqual([
      { pid: 1, parent: 0, startedAt: 'Mon Jan  5 10:00:00 2026' },
      { pid: 321, parent: 1, startedAt: 'Mon Jan  5 10:01:02 2026' },
    ]);
  });

  it('are read from what PowerShell prints', () => {
    const text =
      '[{"ProcessId":8,"ParentProcessId":4,"Start":639035},{"ProcessId":0,"ParentProcessId":0,"Start":null}]';
    expect(readWindowsList(text)[0]).toEqual({ pid: 8, parent: 4, startedAt: '639035' });
  });

  it('are ended with all that they have started', async () => {
    const script = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3)'])
      .once('spawn', () => process.stdout.write('.'))`;
    const child = spawn(process.execPath, ['-e', script], { detached: process.platform !== 'win32' });
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const tree = await processTree(pid);
    expect(tree.length).toBeGreaterThanOrEqual(2);
    await killEverything(tree, pid);
    await expect.poll(() => stillThere(tree)).toEqual([]);
  });
});

describe('VRAM', () => {
  const listing =
    '# gpu   pid  type   fb  ccpm command\n    0   1234     G    87   0  electron\n    0    99     C  5000   0  python\n';

  it('is summed up over our processes', () => {
    expect(videoMemoryOf(listing, new Set([1234]))).toBe(87);
    expect(videoMemoryOf(listing, new Set([1]))).toBe(0);
  });

  it('is not known where the driver does not count it', () => {
    expect(videoMemoryOf('    0   1234     G     -   -  electron\n', new Set([1234]))).toBeNull();
  });
});
