import { afterEach, expect, it, vi } from 'vitest';
import { endOnce, exitCodeOf, onEndSignal } from './end-signals.ts';

afterEach(() => void vi.useRealTimers());

it('takes what a terminal and npm send for the same reason for one request, and what comes later for another', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const heard: string[] = [];
  const stop = onEndSignal((signal) => heard.push(signal));
  process.emit('SIGHUP', 'SIGHUP');
  vi.advanceTimersByTime(600);
  process.emit('SIGTERM', 'SIGTERM');
  expect(heard).toEqual(['SIGHUP']);
  vi.advanceTimersByTime(600);
  process.emit('SIGINT', 'SIGINT');
  expect(heard).toEqual(['SIGHUP', 'SIGINT']);
  vi.advanceTimersByTime(2_000);
  stop();
  expect(process.listenerCount('SIGHUP')).toBe(0);
});

it('ends once, however often it is asked, and when all has stopped', async () => {
  let stopped: () => void = () => {};
  const began: string[] = [];
  const exit = vi.fn();
  const lines: string[] = [];
  const end = endOnce({
    steps: [
      () => {
        began.push('broken');
        throw new Error('broken');
      },
      () =>
        new Promise<void>((done) => {
          began.push('slow');
          stopped = done;
        }),
    ],
    patience: 60_000,
    exit,
    log: (line) => lines.push(line),
  });
  end();
  end();
  await new Promise((done) => setImmediate(done));
  end();
  expect([began, exit.mock.calls]).toEqual([['broken', 'slow'], []]);
  stopped();
  await vi.waitFor(() => expect(exit).toHaveBeenCalledTimes(1));
  end();
  expect([began.length, lines]).toEqual([2, ['something could not be stopped: Error: broken']]);
});

it('ends without what never stops, and says so', () => {
  vi.useFakeTimers();
  const exit = vi.fn();
  const log = vi.fn();
  endOnce({ steps: [() => new Promise(() => {})], patience: 2_000, exit, log })();
  vi.advanceTimersByTime(1_999);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(exit).toHaveBeenCalledTimes(1);
  expect(log).toHaveBeenCalledWith(expect.stringContaining('not everything stopped'));
});

it('tells the exit code of a signal as shells do', () => {
  expect(exitCodeOf('SIGINT')).toBe(130);
});
