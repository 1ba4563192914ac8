import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const start = join(import.meta.dirname, '..', 'scripts', 'start.ts');
const ends: (() => unknown)[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'monitor-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** `node scripts/start.ts …`, as `npm start -- …` runs it. */
function run(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [start, '--user-data-dir', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
    // A group of its own shows afterwards whether anything was left behind.
    detached: process.platform !== 'win32',
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      output[name] += String(chunk);
    });
  const closed = once(child, 'close');
  ends.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await closed;
  });
  return {
    child,
    output,
    /** Its exit code and what it printed; it must end by itself. */
    async ended() {
      await closed;
      return { code: child.exitCode, ...output };
    },
    /** The address that it prints once the page can be opened. */
    address: () =>
      vi.waitFor(() => {
        const url = /^Monitor: (\S+)$/m.exec(output.stdout)?.[1];
        if (url === undefined) throw new Error(`no address in:\n${output.stdout}\n${output.stderr}`);
        return url;
      }, 30_000),
  };
}

/** A machine without a display and without Electron's runtime, which cannot be downloaded either. */
function withoutDesktop(): Record<string, string> {
  return {
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
    ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'no-such-folder'),
    ELECTRON_MIRROR: 'http://127.0.0.1:9/',
    XDG_CACHE_HOME: folder,
    LOCALAPPDATA: folder,
    electron_config_cache: folder,
  };
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

describe('the start command', () => {
  it('refuses an option that it does not know, in one line and with exit code 2', async () => {
    const { code, stdout, stderr } = await run(['--sever', 'http://127.0.0.1:1']).ended();
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(lines(stderr)).toEqual([expect.stringMatching(/^Unknown option '--sever'.*See --help\.$/)]);
  });

  it.each([
    [['--port', 'high'], '--port needs a number from 1 to 65535'],
    [['--web', '--desktop'], 'exclude each other'],
    [['http://127.0.0.1:8188'], "Unexpected argument 'http://127.0.0.1:8188'"],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run(args).ended();
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('shows its help and its version without starting anything', async () => {
    const help = await run(['--help']).ended();
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const option of ['--server URL', '--demo', '--web', '--desktop', '--port N', '--user-data-dir DIR'])
      expect(help.stdout).toContain(option);
    expect(await run(['--version']).ended()).toEqual({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
  });

  it('with --desktop where no desktop app can run: one line and exit code 1', async () => {
    const { code, stderr } = await run(['--desktop'], withoutDesktop()).ended();
    expect(code).toBe(1);
    expect(lines(stderr)).toEqual([expect.stringMatching(/^The desktop app cannot start here: .+\.$/)]);
  });

  it('falls back to the browser where no desktop app can run, and says why in one line', async () => {
    const monitor = run(['--demo'], withoutDesktop());
    const url = await monitor.address();
    expect((await fetch(url)).status).toBe(200);
    expect(lines(monitor.output.stdout)).toEqual([
      expect.stringMatching(
        /^The desktop app cannot start here, so the monitor is shown in the browser: .+\.$/,
      ),
      `Monitor: ${url}`,
    ]);
  });

  it('says which port is taken, and how to choose another', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    ends.push(() => taken.close());
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { code, stderr } = await run(['--web', '--port', String(port)]).ended();
    expect(code).toBe(1);
    expect(stderr).toContain(
      `Port ${port} is already in use. Choose another one with --port, or leave it out.`,
    );
  });

  it('serves the page at the port that was asked for', async () => {
    const free = createServer();
    await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
    const address = free.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await new Promise<void>((done) => free.close(() => done()));
    const url = await run(['--web', '--port', String(port)]).address();
    expect(new URL(url).port).toBe(String(port));
  });

  it.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends cleanly on %s and leaves no process behind',
    async (signal) => {
      const monitor = run(['--web', '--demo']);
      const url = await monitor.address();
      // A terminal and npm both send it.
      monitor.child.kill(signal);
      monitor.child.kill(signal);
      const { code } = await monitor.ended();
      expect(code).toBe(0);
      await expect(fetch(url)).rejects.toThrow();
      expect(isGroupAlive(monitor.child)).toBe(false);
    },
  );
});

// Windows keeps no process for npm's sake, and gives none to another parent.
it.skipIf(process.platform === 'win32')('ends with npm, whose shell keeps the signal to itself', async () => {
  const command = `"$NODE" "${start}" --web --demo --user-data-dir "${folder}"; true`;
  const shell = spawn('sh', ['-c', command], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE: process.execPath, npm_lifecycle_event: 'start' },
    detached: true,
  });
  ends.push(() => isGroupAlive(shell) && process.kill(-(shell.pid ?? 0), 'SIGKILL'));
  await once(shell.stdout, 'data');
  shell.kill('SIGTERM');
  await expect.poll(() => isGroupAlive(shell)).toBe(false);
});

function isGroupAlive({ pid = 0 }: ChildProcess): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}
