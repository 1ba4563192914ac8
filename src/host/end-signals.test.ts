import { afterEach, expect, it, vi } from 'vitest';
import { exitCodeOf, onEndSignal } from './end-signals.ts';

afterEach(() => void vi.useRealTimers());

it('takes what a terminal and npm send for the same reason for one wish, and what comes later for another', () => {
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

it('tells the exit code of a signal as shells do', () => {
  expect(exitCodeOf('SIGINT')).toBe(130);
});
