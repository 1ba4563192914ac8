import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type CachedCopy, createOutputCache, expiredCopies } from './output-cache.ts';
import { proposedName, safeName } from './safe-name.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = 100 * day;
const copy = (name: string, bytes: number, age: number): CachedCopy => ({ name, bytes, usedAt: now - age });
const names = (copies: CachedCopy[]) => copies.map(({ name }) => name);

describe('copies to remove', () => {
  it('are those that were not used for the longest time, until the rest fits', () => {
    const copies = [copy('old', 40, 3 * day), copy('new', 40, hour), copy('middle', 40, 2 * day)];
    expect(names(expiredCopies(copies, 100, now))).toEqual(['old']);
    expect(names(expiredCopies(copies, 50, now))).toEqual(['middle', 'old']);
    expect(expiredCopies(copies, 120, now)).toEqual([]);
  });

  it('are all that nobody used for a month', () => {
    expect(names(expiredCopies([copy('a', 1, 31 * day), copy('b', 1, 29 * day)], 100, now))).toEqual(['a']);
  });

  it('are none that somebody may be looking at, and no download under way', () => {
    const copies = [copy('seen', 500, 1_000), copy('x.part', 500, hour), copy('y.part', 500, 2 * day)];
    expect(names(expiredCopies(copies, 100, now))).toEqual(['y.part']);
  });

  it('leave no more than there is room for', () => {
    const some = fc.array(fc.record({ bytes: fc.nat(100), age: fc.integer({ min: hour, max: 60 * day }) }));
    fc.assert(
      fc.property(some, fc.nat(1_000), (given, maxBytes) => {
        const copies = given.map(({ bytes, age }, i) => copy(String(i), bytes, age));
        const gone = new Set(expiredCopies(copies, maxBytes, now));
        const kept = copies.filter((one) => !gone.has(one));
        expect(kept.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(maxBytes);
      }),
    );
  });
});

describe('the cache', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cache-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
  });
  const cacheOf = (maxBytes: number, at = folder) =>
    createOutputCache({ folder: at, maxBytes: () => maxBytes, log: () => {} });
  async function put(filename: string, bytes: number, age: number): Promise<string> {
    const name = safeName('http://a', { filename, subfolder: '', type: 'output' });
    await writeFile(join(folder, name), 'x'.repeat(bytes));
    const used = new Date(Date.now() - age);
    await utimes(join(folder, name), used, used);
    return name;
  }

  it('keeps below its size, and forgets what is old', async () => {
    await put('ancient.png', 1, 40 * day);
    await put('old.png', 60, 2 * day);
    const kept = await put('neu (ü).png', 60, day);
    await cacheOf(100).trim();
    expect(await readdir(folder)).toEqual([kept]);
  });

  it('is cleared, and tells how much room that made', async () => {
    await put('a.png', 10, hour);
    await put('b.mp4', 20, 0);
    expect(await cacheOf(100).clear()).toBe(30);
    expect(await readdir(folder)).toEqual([]);
    expect(await cacheOf(100, join(folder, 'never made')).clear()).toBe(0);
  });

  it('leaves alone what it did not make', async () => {
    await writeFile(join(folder, 'holiday.png'), 'mine');
    await writeFile(join(folder, 'cat-0123456789.png.bak'), 'mine');
    await mkdir(join(folder, 'dir-0123456789.png'));
    // Where links can be made.
    await symlink(join(folder, 'holiday.png'), join(folder, 'link-0123456789.png')).catch(() => {});
    const before = await readdir(folder);
    await cacheOf(0).trim();
    expect(await cacheOf(0).clear()).toBe(0);
    expect(await readdir(folder)).toEqual(before);
  });
});

it.each([
  ['a/../b:c*.PNG', 'a_b_c_.png'],
  ['..png', '_.png'],
  ['晨雾_00001_.png', '晨雾_00001_.png'],
  [`${'x'.repeat(200)}.mp4`, `${'x'.repeat(80)}.mp4`],
])('%.20s is proposed as %.20s', (filename, name) => {
  expect(proposedName({ filename, subfolder: '', type: 'output' })).toBe(name);
});
