import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The built browser host, run as users run it. */
export interface WebMonitor {
  /** Its process. */
  readonly pid: number;
  /** The address it printed. */
  readonly url: string;
  readonly userDataDir: string;
  /** Everything it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts the browser host with its own empty user data folder; rejects with its output if it gives up. `nodeOptions`
 * are for the Node that runs it, `environment` is what it finds around it.
 */
export async function startWebMonitor(
  args: string[],
  userDataDir?: string,
  nodeOptions: string[] = [],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<WebMonitor> {
  const folder = userDataDir ?? (await mkdtemp(join(tmpdir(), 'monitor-')));
  const child = spawn(
    process.execPath,
    [...nodeOptions, join(root, 'out', 'main', 'web.js'), '--user-data-dir', folder, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  const url = await new Promise<string>((done, failed) => {
    child.stdout.on('data', () => {
      const address = /^Monitor: (\S+)$/m.exec(output)?.[1];
      if (address) done(address);
    });
    child.once('exit', (code) => failed(new Error(`the monitor ended with code ${code}:\n${output}`)));
  });
  return {
    pid: child.pid ?? 0,
    url,
    userDataDir: folder,
    output: () => output,
    async stop() {
      await end(child);
      if (userDataDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
