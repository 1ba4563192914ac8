import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { createDownloads } from './downloads.ts';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

it('a download is told of when it takes more than a second, and when it is over', () => {
  const tell = vi.fn();
  const download = createDownloads(tell).begin('clip.mp4');
  vi.advanceTimersByTime(5_000); // asking the server; nothing comes yet
  download.progress(0, 100);
  vi.advanceTimersByTime(900);
  expect(tell).not.toHaveBeenCalled();
  download.progress(40, 100);
  vi.advanceTimersByTime(600);
  expect(tell).toHaveBeenLastCalledWith([
    expect.objectContaining({ filename: 'clip.mp4', received: 40, total: 100 }),
  ]);
  vi.advanceTimersByTime(10_000);
  expect(tell).toHaveBeenCalledTimes(1);
  download.end();
  expect(tell).toHaveBeenLastCalledWith([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('a short one is never told of', () => {
  const tell = vi.fn();
  const download = createDownloads(tell).begin('a.png');
  download.progress(1, 1);
  download.end();
  vi.advanceTimersByTime(5_000);
  expect(tell).not.toHaveBeenCalled();
});

it('is cancelled by its id, or with all others', () => {
  const tell = vi.fn();
  const downloads = createDownloads(tell);
  const [one, two] = [downloads.begin('one.png'), downloads.begin('two.png')];
  one.progress(0, null);
  vi.advanceTimersByTime(1_500);
  downloads.cancel(tell.mock.lastCall?.[0][0].id);
  downloads.cancel('unknown');
  expect([one.signal.aborted, two.signal.aborted]).toEqual([true, false]);
  downloads.cancelAll();
  expect(two.signal.aborted).toBe(true);
});
