import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from './log-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const now = () => new Date('2026-03-04T05:06:07.890Z');
const read = (name = 'comfy-monitor.log') => readFile(join(folder, name), 'utf8');

describe('the log file', () => {
  it('says when each line was written, and goes on after a restart', async () => {
    openLogFile({ folder, now })('the monitor starts');
    openLogFile({ folder, now })('the monitor starts again\n');
    expect(await read()).toBe(
      '2026-03-04T05:06:07.890Z the monitor starts\n2026-03-04T05:06:07.890Z the monitor starts again\n',
    );
  });

  it('keeps the lines of one message together', async () => {
    openLogFile({ folder, now })('Error: no\n    at somewhere');
    expect(await read()).toBe('2026-03-04T05:06:07.890Z Error: no\n      at somewhere\n');
  });

  it('begins a new file when one is full, and keeps three', async () => {
    const log = openLogFile({ folder, now, maxBytes: 100 });
    for (let line = 1; line <= 9; line += 1) log(`line ${line} ${'x'.repeat(15)}`);
    expect((await readdir(folder)).sort()).toEqual([
      'comfy-monitor.1.log',
      'comfy-monitor.2.log',
      'comfy-monitor.log',
    ]);
    expect((await read()).match(/line \d/g)).toEqual(['line 9']);
    expect((await read('comfy-monitor.1.log')).match(/line \d/g)).toEqual(['line 7', 'line 8']);
    expect((await read('comfy-monitor.2.log')).match(/line \d/g)).toEqual(['line 5', 'line 6']);
    for (const name of await readdir(folder))
      expect((await read(name)).length, name).toBeLessThanOrEqual(100);
  });

  it('counts what an earlier run wrote', async () => {
    await writeFile(join(folder, 'comfy-monitor.log'), 'x'.repeat(90));
    openLogFile({ folder, now, maxBytes: 100 })('fresh');
    expect(await read()).toMatch(/fresh\n$/);
    expect(await read('comfy-monitor.1.log')).toBe('x'.repeat(90));
  });

  it('never throws, even where nothing can be written', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const log = openLogFile({ folder: join(folder, 'a-file', 'logs') });
    expect(() => log('lost')).not.toThrow();
  });
});
