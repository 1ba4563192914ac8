import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { app, BrowserWindow, desktop, powerMonitor } from '../testing/fake-electron.ts';
import { watchForEnd } from './ending.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const lines: string[] = [];
const platform = process.platform;

function watched(...steps: (() => unknown)[]) {
  const ending = watchForEnd((line) => lines.push(line));
  for (const step of steps) ending.before(step);
  return ending;
}

beforeEach(() => {
  lines.length = 0;
  desktop.exitCode = null;
  app.removeAllListeners();
  powerMonitor.removeAllListeners();
  BrowserWindow.all.length = 0;
});
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform });
  vi.restoreAllMocks();
});

describe('the app', () => {
  it.each([
    ['stops at once', () => {}],
    ['stops in a microtask', async () => {}],
    ['takes a while', () => new Promise((done) => setTimeout(done, 30))],
    ['fails', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('ends once, with code 0, when what has to stop %s', async (_, step) => {
    const stopped = vi.fn(step);
    const other = vi.fn();
    watched(stopped, other);
    const quit = vi.fn();
    app.on('quit', quit);
    app.quit();
    app.quit();
    await expect.poll(() => desktop.exitCode).toBe(0);
    app.quit();
    await new Promise(setImmediate);
    expect([stopped, other, quit].map((called) => called.mock.calls.length)).toEqual([1, 1, 1]);
  });

  it('ends although something never stops, and says so', async () => {
    const startedAt = performance.now();
    watched(() => new Promise(() => {}));
    app.quit();
    await expect.poll(() => desktop.exitCode, { timeout: 5_000 }).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(lines.join()).toContain('not everything stopped');
  });

  it('ends although a window has a page that wants to stay', async () => {
    watched();
    const window = new BrowserWindow();
    window.webContents.holdsInput = true;
    app.quit();
    await expect.poll(() => desktop.exitCode).toBe(0);
    expect(window.isDestroyed()).toBe(true);
  });

  it('ends with the code that it is told, which is the first one', async () => {
    const ending = watched();
    ending.end(1);
    ending.end(0);
    app.quit();
    await expect.poll(() => desktop.exitCode).toBe(1);
  });

  it('stays when its last window is closed', () => {
    watched();
    expect(app.listenerCount('window-all-closed')).toBe(1);
  });

  it('leaves the end to an installer when everything has stopped, which may quit in its own way', async () => {
    const order: string[] = [];
    const ending = watched(async () => order.push('stopped'));
    ending.end(0, () => {
      order.push('installs');
      app.quit();
    });
    await expect.poll(() => desktop.exitCode).toBe(0);
    expect(order).toEqual(['stopped', 'installs']);
  });

  it('ends with the session: at once on Windows, and elsewhere holding it up for a moment', async () => {
    const stopped = vi.fn();
    Object.defineProperty(process, 'platform', { value: 'win32' });
    watched(stopped);
    new BrowserWindow().emit('session-end', {});
    expect(stopped).toHaveBeenCalledOnce();
    await expect.poll(() => desktop.exitCode).toBe(0);

    desktop.exitCode = null;
    app.removeAllListeners();
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    watched(stopped);
    await expect.poll(() => powerMonitor.listenerCount('shutdown')).toBe(1);
    const preventDefault = vi.fn();
    powerMonitor.emit('shutdown', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    await expect.poll(() => desktop.exitCode).toBe(0);
  });
});

describe('work that a disk never finishes', () => {
  const stuck = (...resources: string[][]) => {
    const answers = vi.spyOn(process, 'getActiveResourcesInfo');
    for (const resource of resources) answers.mockReturnValueOnce(resource);
    return answers.mockReturnValue(resources.at(-1) ?? []);
  };

  it('is waited for as long as it may still be done', async () => {
    stuck(['FSReqPromise'], ['FSReqPromise'], ['Timeout', 'TCPSocketWrap']);
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    watched();
    app.quit();
    await expect.poll(() => desktop.exitCode).toBe(0);
    expect(kill).not.toHaveBeenCalled();
  });

  it('does not keep the process, which would wait for it for ever', async () => {
    stuck(['FSReqPromise', 'GetAddrInfoReqWrap']);
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    watched();
    app.quit();
    await expect.poll(() => kill.mock.calls, { timeout: 5_000 }).toEqual([[process.pid, 'SIGKILL']]);
    expect(lines.join()).toContain('does not answer (FSReqPromise, GetAddrInfoReqWrap)');
  });
});

it('whoever prevents will-quit and quits again in a microtask is not heard, as with Electron', async () => {
  let stopped = false;
  app.on('will-quit', (event: { preventDefault(): void }) => {
    if (stopped) return;
    event.preventDefault();
    void Promise.resolve().then(() => {
      stopped = true;
      app.quit();
    });
  });
  app.quit();
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  expect([stopped, desktop.exitCode]).toEqual([true, null]);
});
