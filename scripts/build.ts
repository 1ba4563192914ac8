import { spawn } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build is made from. */
const sources = [
  'src',
  'companion',
  'resources',
  'electron.vite.config.ts',
  'scripts/licence-notices.ts',
  'LICENSE',
  'package.json',
  'package-lock.json',
];

/** Builds the app into `out` unless it is up to date; tells on stderr what failed and gives false. */
export async function buildIfNeeded(root: string): Promise<boolean> {
  const stamp = join(root, 'out', '.built');
  const newest = Math.max(...sources.map((source) => newestChange(join(root, source))));
  if (newest <= changeTime(stamp)) return true;
  console.log('Building the app, this takes a few seconds …');
  const startedAt = new Date();
  const { code, output } = await run(root, ['build', '--logLevel', 'warn']);
  if (code !== 0) {
    console.error(`${output.trimEnd()}\nThe build failed; the lines above say why.`);
    return false;
  }
  writeFileSync(stamp, `${startedAt.toISOString()}\n`);
  return true;
}

function run(root: string, args: string[]): Promise<{ code: number | null; output: string }> {
  const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const child = spawn(process.execPath, [tool, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  return new Promise((done) => {
    child.once('error', (cause) => done({ code: 1, output: cause.message }));
    child.once('close', (code) => done({ code, output }));
  });
}

/** The latest modification (ms) of a file, or of anything in a folder. */
function newestChange(path: string): number {
  const own = statSync(path, { throwIfNoEntry: false });
  if (!own) return 0;
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function changeTime(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
