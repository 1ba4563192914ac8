/** Packs the built app as electron-builder does for a release, but around a stand-in for Electron's runtime. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getRawHeader, listPackage, statFile } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

export interface PackedApp {
  /** The archive with the app's code. */
  asar: string;
  /** Files in the archive, with `/` between folders. */
  files: { path: string; bytes: number }[];
  /** Bytes of the whole archive. */
  size: number;
  /** How Electron's switches were set, by their name. */
  fuses: Record<string, boolean>;
}

/**
 * What Electron's programs carry for their switches: a mark, the version of the layout, how many there
 * are, and one character each. All stand the wrong way round here, so that each has to be set.
 */
const mark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const switches: [name: keyof typeof FuseV1Options, wrong: '0' | '1'][] = [
  ['RunAsNode', '1'],
  ['EnableCookieEncryption', '1'],
  ['EnableNodeOptionsEnvironmentVariable', '1'],
  ['EnableNodeCliInspectArguments', '1'],
  ['EnableEmbeddedAsarIntegrityValidation', '0'],
  ['OnlyLoadAppFromAsar', '0'],
  ['LoadBrowserProcessSpecificV8Snapshot', '0'],
  ['GrantFileProtocolExtraPrivileges', '1'],
];

/** Packs into `folder`, which is emptied; rejects with the tool's output if it fails. */
export async function packApp(root: string, folder: string): Promise<PackedApp> {
  const runtime = join(folder, 'runtime');
  const output = join(folder, 'dist');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(runtime, 'resources'), { recursive: true });
  const wire = Buffer.concat([
    Buffer.from(mark),
    Buffer.of(1, switches.length),
    Buffer.from(switches.map(([, wrong]) => wrong).join('')),
  ]);
  writeFileSync(join(runtime, 'electron'), Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]));
  await electronBuilder(root, [
    '--linux',
    'dir',
    '--x64',
    '--publish',
    'never',
    `-c.electronDist=${runtime}`,
    `-c.directories.output=${output}`,
  ]);
  const packed = join(output, 'linux-unpacked');
  const asar = join(packed, 'resources', 'app.asar');
  return { asar, ...contents(asar), fuses: await fusesOf(join(packed, 'comfy-monitor')) };
}

function electronBuilder(root: string, args: string[]): Promise<void> {
  const tool = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const child = spawn(process.execPath, [tool, '--config', 'electron-builder.config.ts', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) done();
      else failed(new Error(`electron-builder ended with code ${code}:\n${output}`));
    });
  });
}

function contents(asar: string): Pick<PackedApp, 'files' | 'size'> {
  const files = listPackage(asar, { isPack: false }).flatMap((listed) => {
    const path = listed.replaceAll('\\', '/').replace(/^\//, '');
    const entry = statFile(asar, path);
    return 'size' in entry ? [{ path, bytes: entry.size }] : [];
  });
  const { headerSize } = getRawHeader(asar);
  return { files, size: 8 + headerSize + files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function fusesOf(program: string): Promise<Record<string, boolean>> {
  const wire = await getCurrentFuseWire(program);
  // The states are the characters 0 and 1.
  return Object.fromEntries(
    switches.map(([name]) => [name, Number(wire[FuseV1Options[name]]) === '1'.charCodeAt(0)]),
  );
}
