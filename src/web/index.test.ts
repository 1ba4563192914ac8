import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';

type Run = ChildProcessByStdio<null, Readable, Readable>;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'web-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** The browser host as a process of its own, on `folder`. */
function run(...args: string[]): Run {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'index.ts'), '--user-data-dir', folder, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_NO_WARNINGS: '1' } },
  );
  const closed = once(child, 'exit');
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await closed;
  });
  return child;
}

/** The address that it prints. */
function addressOf(child: Run): Promise<string> {
  let output = '';
  return new Promise((done, failed) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += String(chunk);
        const url = /^Monitor: (\S+)$/m.exec(output)?.[1];
        if (url !== undefined) done(url);
      });
    child.once('exit', (code) => failed(new Error(`ended with ${code}:\n${output}`)));
  });
}

/** Has a page make the host log something; resolves when it answered. */
async function makeItLog(url: string): Promise<void> {
  const page = new WebSocket(`${url.replace('http', 'ws')}bridge`, { origin: new URL(url).origin });
  await once(page, 'open');
  for (let id = 0; id < 3; id += 1) {
    page.send(JSON.stringify({ id, call: 'reportPageError', request: { message: 'odd', stack: null } }));
    await once(page, 'message');
  }
  page.terminate();
}

describe('the browser host', () => {
  it('goes on when nobody reads any more what it prints', async () => {
    const child = run();
    const url = await addressOf(child);
    child.stdout.destroy();
    child.stderr.destroy();
    await makeItLog(url);
    expect((await fetch(url)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('refuses a folder that another one is running on, and says who, why and what next', async () => {
    const first = run();
    await addressOf(first);
    const second = run();
    let output = '';
    for (const stream of [second.stdout, second.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += String(chunk);
      });
    expect(await once(second, 'close')).toEqual([1, null]);
    expect(output).toMatch(/^Another Comfy Monitor \(the browser monitor, process \d+\) is running on /);
    expect(output).toContain('--user-data-dir');
    first.kill('SIGKILL');
    await once(first, 'exit');
    await addressOf(run());
  });

  it('starts where nobody ever does, and ends as it should', async () => {
    const port = 20_000 + (process.pid % 20_000);
    const child = run('--port', String(port));
    child.stdout.destroy();
    child.stderr.destroy();
    // Without the key that it printed, it says no more than that.
    const status = () => fetch(`http://127.0.0.1:${port}/`).then((response) => response.status);
    await vi.waitFor(async () => expect(await status()).toBe(403), 10_000);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
