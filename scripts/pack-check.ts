/** `npm run pack:check`: lists what an installed app would consist of, and fails if it is not what it should be. */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfNeeded } from './build.ts';
import { packApp } from './pack-app.ts';

const root = join(import.meta.dirname, '..');

if (await buildIfNeeded(root)) {
  const folder = join(tmpdir(), `comfy-monitor-pack-${process.pid}`);
  const { files, size, fuses } = await packApp(root, folder);
  rmSync(folder, { recursive: true });
  for (const { path, bytes } of files) console.log(`${kilobytes(bytes).padStart(10)}  ${path}`);
  console.log(`${kilobytes(size).padStart(10)}  app.asar, ${files.length} files`);
  for (const [name, on] of Object.entries(fuses)) console.log(`${on ? 'on' : 'off'}\t${name}`);
  const strangers = files.filter(({ path }) => path !== 'package.json' && !path.startsWith('out/'));
  if (strangers.length > 0) {
    console.error(`Not to be shipped: ${strangers.map(({ path }) => path).join(', ')}`);
    process.exitCode = 1;
  }
} else process.exitCode = 1;

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
