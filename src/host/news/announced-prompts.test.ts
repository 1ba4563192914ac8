import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openAnnouncedPrompts } from './announced-prompts.ts';

async function folderWith(text: string | null): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'told-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  if (text !== null) await writeFile(join(folder, 'notifications.json'), text);
  return folder;
}

describe('what notifications remember', () => {
  it('is there at the next start, as it was last', async () => {
    const folder = await folderWith(null);
    const first = await openAnnouncedPrompts(folder, () => {});
    expect(first.ledger).toEqual({ told: [], live: [] });
    first.keep({ told: ['a'], live: ['b'] });
    first.keep({ told: ['a', 'b'], live: ['c'] });
    first.pause(5_000);
    await first.saved();
    const second = await openAnnouncedPrompts(folder, () => {});
    expect(second.ledger).toEqual({ told: ['a', 'b'], live: ['c'] });
    expect(second.pausedUntil).toBe(5_000);
  });

  it.each([
    '',
    '{ "version": 1, "ledger": {',
    '[]',
    '{"version":2}',
    '{"version":1,"ledger":{"told":[7],"live":[]},"pausedUntil":null}',
  ])('starts anew after a damaged file: %j', async (text) => {
    const lines: string[] = [];
    const folder = await folderWith(text);
    const told = await openAnnouncedPrompts(folder, (line) => lines.push(line));
    expect(told.ledger).toEqual({ told: [], live: [] });
    expect(lines).toEqual([expect.stringContaining('is damaged')]);
    told.keep({ told: ['a'], live: [] });
    await told.saved();
    expect(JSON.parse(await readFile(join(folder, 'notifications.json'), 'utf8'))).toMatchObject({
      ledger: { told: ['a'] },
    });
  });

  it('may not be writable: that is logged once, and harms nobody', async () => {
    const lines: string[] = [];
    const folder = await folderWith('{}');
    const told = await openAnnouncedPrompts(join(folder, 'notifications.json'), (line) => lines.push(line));
    told.keep({ told: ['a'], live: [] });
    await told.saved();
    told.keep({ told: ['b'], live: [] });
    await told.saved();
    expect(lines).toHaveLength(1);
    expect(told.ledger.told).toEqual(['b']);
  });

  it('is tried again when it could not be written, without anything new to remember', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const folder = await folderWith(null);
    // A folder in its place cannot be replaced by a file.
    const path = join(folder, 'notifications.json');
    const lines: string[] = [];
    const told = await openAnnouncedPrompts(folder, (line) => lines.push(line));
    await mkdir(path);
    told.keep({ told: ['a'], live: [] });
    await expect.poll(() => lines).toHaveLength(1);
    await rm(path, { recursive: true });
    vi.advanceTimersByTime(30_000);
    await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('"told":["a"]');
  });

  it('is tried once more at the end', async () => {
    const folder = await folderWith(null);
    const path = join(folder, 'notifications.json');
    const lines: string[] = [];
    const told = await openAnnouncedPrompts(folder, (line) => lines.push(line));
    await mkdir(path);
    told.keep({ told: ['a'], live: [] });
    await expect.poll(() => lines).toHaveLength(1);
    await rm(path, { recursive: true });
    await told.saved();
    expect(await readFile(path, 'utf8')).toContain('"told":["a"]');
  });
});
