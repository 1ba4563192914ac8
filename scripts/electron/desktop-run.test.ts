import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signOfLife } from '../../src/main/lifecycle/sign-of-life.ts';
import { asElectron, whyNoStart, whyNotRun } from './desktop-run.ts';

let folder: string;
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'desktop-run-'));
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the program as `npm start` runs Electron, in a process group of its own like everything in a terminal. */
function running(program: string, args: string[], environment: NodeJS.ProcessEnv = {}) {
  const code = `
    import { runDesktop } from ${JSON.stringify(new URL('desktop-run.ts', import.meta.url).href)};
    process.on('SIGUSR2', () => console.log('heard'));
    console.log(JSON.stringify(await runDesktop(...${JSON.stringify([program, args])})));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      output[name] += String(chunk);
    });
  const closed = once(child, 'close');
  ends.push(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const lines = () => output.stdout.split('\n').filter((line) => line !== '');
  return {
    child,
    output,
    lines,
    said: (word: string) => expect.poll(lines).toContain(word),
    /** How the run ended, as it was told. */
    async ended(): Promise<unknown> {
      await closed;
      return JSON.parse(lines().at(-1) ?? 'null');
    },
  };
}

/** A program that is started as Electron is, and runs this. */
async function program(code: string): Promise<[string, string[]]> {
  const path = join(folder, 'app.mjs');
  await writeFile(path, code);
  return [process.execPath, [path]];
}

/** One that counts its signals, until it is ended by SIGUSR2 or is let go. */
const listening = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => console.log('got ' + signal));
  process.on('SIGUSR2', () => process.exit(7));
  process.on('disconnect', () => process.exit(0));
  process.send('${signOfLife}');
  console.log('pid ' + process.pid);
`;
const pidIn = (lines: string[]) => Number(lines.join('\n').match(/pid (\d+)/)?.[1]);
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('running the desktop app', () => {
  it("ends with the app's own exit code", async () => {
    const code = `process.send('${signOfLife}'); console.error('a word'); process.exitCode = 3; process.channel.unref()`;
    const run = running(...(await program(code)));
    expect(await run.ended()).toEqual({ ran: true, code: 3 });
    expect(run.output.stderr).toBe('a word\n');
  });

  it('says that the app crashed and falls back to nothing', async () => {
    const run = running(...(await program(`process.send('${signOfLife}', () => process.abort())`)));
    const ended = await run.ended();
    expect(ended).toMatchObject({ ran: true });
    if (process.platform === 'win32') return;
    expect(ended).toEqual({ ran: true, code: 134 });
    expect(run.output.stderr).toContain('The desktop app was ended by SIGABRT.');
  });

  it('gives the reason in one line when Electron ends before the app has the say', async () => {
    const fault = '[1:0101/1:ERROR:ozone.cc(2)] Missing X server or $DISPLAY\\n#1 0x1234\\n';
    const run = running(...(await program(`process.stderr.write('${fault}'); process.exitCode = 1`)));
    expect(await run.ended()).toEqual({
      ran: false,
      reason: 'Electron does not run here (it ended with code 1: Missing X server or $DISPLAY).',
    });
    expect(run.output.stderr).toBe('');
  });

  it.skipIf(process.platform === 'win32')(
    'gives the reason when there is nothing that can be run',
    async () => {
      const path = join(folder, 'electron');
      await writeFile(path, 'not for this computer');
      expect(await running(path, []).ended()).toEqual({
        ran: false,
        reason: 'Electron cannot be started (its file may not be executed).',
      });
      await writeFile(path, '');
      await chmod(path, 0o755);
      expect(await running(path, []).ended()).toMatchObject({ ran: false });
    },
  );

  it('starts Electron as Electron, also inside a program that is made with it', async () => {
    const code = `process.send('${signOfLife}'); console.log('node: ' + process.env.ELECTRON_RUN_AS_NODE); process.channel.unref()`;
    const run = running(...(await program(code)), { ELECTRON_RUN_AS_NODE: '1' });
    await run.ended();
    expect(run.lines()).toContain('node: undefined');
    expect(asElectron({ Electron_Run_As_Node: '1', PATH: '/bin' })).toEqual({ PATH: '/bin' });
  });

  describe.skipIf(process.platform === 'win32')('hands on signals', () => {
    async function listener() {
      const run = running(...(await program(listening)));
      await expect.poll(() => pidIn(run.lines())).toBeGreaterThan(0);
      const pid = pidIn(run.lines());
      ends.push(() => isAlive(pid) && process.kill(pid, 'SIGKILL'));
      return { ...run, pid };
    }

    it('once, though a terminal sends Ctrl+C to everybody and npm once more', async () => {
      const { child, pid, said, lines, ended } = await listener();
      process.kill(-groupOf(child), 'SIGINT');
      child.kill('SIGINT');
      child.kill('SIGUSR2');
      await said('heard');
      await said('got SIGINT');
      process.kill(pid, 'SIGUSR2');
      expect(await ended()).toEqual({ ran: true, code: 7 });
      expect(lines().filter((line) => line.startsWith('got'))).toEqual(['got SIGINT']);
    });

    it.each(['SIGTERM', 'SIGHUP'] as const)('of every kind, such as %s', async (signal) => {
      const { child, pid, said, lines, ended } = await listener();
      child.kill(signal);
      await said(`got ${signal}`);
      process.kill(pid, 'SIGUSR2');
      expect(await ended()).toEqual({ ran: true, code: 7 });
      expect(lines().filter((line) => line.startsWith('got'))).toEqual([`got ${signal}`]);
    });

    it('and tells by which one the app ended, as shells do', async () => {
      const run = running(
        ...(await program(`process.send('${signOfLife}'); console.log('up'); setInterval(() => {}, 1000)`)),
      );
      await run.said('up');
      run.child.kill('SIGTERM');
      expect(await run.ended()).toEqual({ ran: true, code: 143 });
      expect(run.output.stderr).toBe('');
    });

    it('and takes one before the app has the say for no fault of Electron', async () => {
      const run = running(...(await program("console.log('up'); setInterval(() => {}, 1000)")));
      await run.said('up');
      run.child.kill('SIGINT');
      expect(await run.ended()).toEqual({ ran: true, code: 130 });
    });

    it('and lets go of the app when it is killed itself', async () => {
      const { child, pid } = await listener();
      child.kill('SIGKILL');
      await expect.poll(() => isAlive(pid)).toBe(false);
    });
  });
});

describe('the reason why Electron does not run', () => {
  const exit = (code: number) => ({ code, signal: null });

  it('is the library that is missing', () => {
    const linux =
      'electron: error while loading shared libraries: libgbm.so.1: cannot open shared object file\n';
    expect(whyNotRun(exit(127), linux)).toBe(
      'Electron does not run here (libgbm.so.1: cannot open shared object file).',
    );
    const mac = 'dyld[7]: Library not loaded: @rpath/Electron Framework\n  Referenced from: /x\n';
    expect(whyNotRun({ code: null, signal: 'SIGABRT' }, mac)).toBe(
      'Electron does not run here (dyld[7]: Library not loaded: @rpath/Electron Framework).',
    );
    expect(whyNotRun(exit(0xc000_0135), '')).toBe(
      'Electron does not run here (a library that it needs is missing).',
    );
  });

  it('is what Chromium calls fatal, before what it calls an error', () => {
    const lines = ['[1:2/3:ERROR:bus.cc(1)] no bus', '[1:2/3:FATAL:x.cc(2)] Check failed.', '#0 0x55'];
    expect(whyNotRun({ code: null, signal: 'SIGTRAP' }, lines.join('\n'))).toBe(
      'Electron does not run here (it was ended by SIGTRAP: Check failed).',
    );
  });

  it('is how it ended where it said nothing', () => {
    expect(whyNotRun({ code: null, signal: 'SIGSEGV' }, '')).toBe(
      'Electron does not run here (it was ended by SIGSEGV).',
    );
  });

  it('is a damaged file or the wrong processor', () => {
    const damaged = /damaged or made for another kind of computer/;
    expect(whyNotRun(exit(127), '/x/electron: 1: \u007fELF\u0002: not found\n')).toMatch(damaged);
    expect(whyNotRun(exit(0xc000_007b), '')).toMatch(damaged);
    const error = (message: string, code: string) => Object.assign(new Error(message), { code });
    for (const cause of [
      error('spawn ENOEXEC', 'ENOEXEC'),
      error('spawn Unknown system error -86', 'Unknown system error -86'),
      error('spawn UNKNOWN', 'UNKNOWN'),
    ])
      expect(whyNoStart(cause)).toMatch(damaged);
    expect(whyNoStart(error('spawn EMFILE', 'EMFILE'))).toBe('Electron cannot be started (spawn EMFILE).');
  });
});

function groupOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('it did not start');
  return pid;
}
