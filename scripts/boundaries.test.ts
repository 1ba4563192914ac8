import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** Modules that each cross one boundary, and what the list of boundaries has to say of them. */
const crossings = {
  'src/domain/reads-files.ts': [
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;",
    "Node's modules",
  ],
  'src/renderer/ui/reads-files.ts': [
    "import { join } from 'path';\nexport const x = join;",
    "Node's modules",
  ],
  'src/host/shows-windows.ts': [
    "import { app } from 'electron';\nexport const x = app;",
    'stay free of electron',
  ],
  'src/comfy/knows-host.ts': [
    "import type { X } from '../host/a.ts';\nexport type Y = X;",
    'src/comfy may import only',
  ],
  'src/renderer/jobs/knows-outputs.ts': [
    "import { x } from '../outputs/a.ts';\nexport const y = x;",
    'src/renderer/jobs may',
  ],
  'src/host/uses-fakes.ts': ["import { x } from './testing/a.ts';\nexport const y = x;", 'no code of tests'],
  'simulator/knows-monitor.ts': [
    "import { x } from '../src/domain/a.ts';\nexport const y = x;",
    'simulator may import only',
  ],
  'src/domain/one.ts': ["import type { B } from './two.ts';\nexport type A = B | 1;", 'no circular imports'],
} as const;
const imported = ['src/host/a.ts', 'src/renderer/outputs/a.ts', 'src/host/testing/a.ts', 'src/domain/a.ts'];

let folder = '';
let said = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundaries-'));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  for (const path of imported) await write(path, 'export type X = 1;\nexport const x = 1;\n');
  // A circle is named once, by one of its modules.
  await write('src/domain/two.ts', "import type { A } from './one.ts';\nexport type B = A | 2;");
  for (const [path, [text]] of Object.entries(crossings)) await write(path, text);
  const args = [
    tool,
    'src',
    'simulator',
    '--config',
    join(root, '.dependency-cruiser.mjs'),
    '--output-type',
    'err',
  ];
  said = await new Promise((done) =>
    execFile(
      process.execPath,
      args,
      { cwd: folder, env: { ...process.env, NO_COLOR: '1' } },
      (_error, stdout) => done(stdout),
    ),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(Object.entries(crossings))('%s is found', (path, [, why]) => {
  const lines = said.split('\n').filter((line) => line.includes('error') && line.includes(`: ${path}`));
  expect(
    lines.some((line) => line.includes(why)),
    said,
  ).toBe(true);
});
