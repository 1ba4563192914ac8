import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readPageFiles } from './page-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

describe('the files of the page', () => {
  it('are those of its folder, by path, with their types', async () => {
    await mkdir(join(folder, 'assets', 'fonts'), { recursive: true });
    await writeFile(join(folder, 'index.html'), '<html>');
    await writeFile(join(folder, 'assets', 'index.js'), 'js');
    await writeFile(join(folder, 'assets', 'fonts', 'inter.woff2'), 'font');
    const files = await readPageFiles(folder);
    expect([...files].map(([path, { contentType }]) => [path, contentType]).sort()).toEqual([
      ['assets/fonts/inter.woff2', 'font/woff2'],
      ['assets/index.js', 'text/javascript; charset=utf-8'],
      ['index.html', 'text/html; charset=utf-8'],
    ]);
    expect(files.get('index.html')?.body.toString()).toBe('<html>');
  });

  it('are of the kinds that a page consists of, nothing that lies about', async () => {
    for (const name of ['index.html', 'index.js.map', '.env', 'notes.txt', 'LICENSE'])
      await writeFile(join(folder, name), 'x');
    expect([...(await readPageFiles(folder)).keys()]).toEqual(['index.html']);
  });

  it('that were not built are asked for', async () => {
    await expect(readPageFiles(folder)).rejects.toThrow('Run "npm run build" first.');
    await expect(readPageFiles(join(folder, 'nowhere'))).rejects.toThrow('Run "npm run build" first.');
  });
});
