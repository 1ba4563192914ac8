import { act, cleanup, render, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { createClock, hearHostTime, hostNow, wallTimeOf } from './clock.ts';
import { TimeAgo } from './time-ago.tsx';

const start = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  hearHostTime(start, true);
});

function hide(hidden: boolean): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(hidden ? 'hidden' : 'visible');
  document.dispatchEvent(new Event('visibilitychange'));
}

it('ticks once a second for everybody, and not at all for nobody', () => {
  const clock = createClock();
  const listeners = [vi.fn(), vi.fn()];
  const stops = listeners.map((heard) => clock.subscribe(heard));
  for (const heard of listeners) heard.mockClear();
  vi.advanceTimersByTime(3_000);
  for (const heard of listeners) expect(heard).toHaveBeenCalledTimes(3);
  expect(clock.now()).toBe(start + 3_000);
  for (const stop of stops) stop();
  expect(vi.getTimerCount()).toBe(0);
});

it('rests while the page is hidden, and is right again as soon as it is looked at', () => {
  const clock = createClock();
  const heard = vi.fn();
  const stop = clock.subscribe(heard);
  hide(true);
  heard.mockClear();
  vi.advanceTimersByTime(60_000);
  expect(heard).not.toHaveBeenCalled();
  hide(false);
  expect(clock.now()).toBe(start + 60_000);
  stop();
});

it('keeps the words of a time up to date', () => {
  render(<TimeAgo at={start} />);
  const words = () => screen.getByRole('time').textContent;
  expect(words()).toBe('just now');
  act(() => vi.advanceTimersByTime(5 * 60_000));
  expect(words()).toBe('5 min ago');
});

it('ticks a little early with whatever is drawn anyway, and then a second later', () => {
  const clock = createClock();
  const heard = vi.fn();
  const stop = clock.subscribe(heard);
  heard.mockClear();
  vi.advanceTimersByTime(400);
  clock.drawing();
  expect(heard).not.toHaveBeenCalled();
  vi.advanceTimersByTime(400);
  clock.drawing();
  expect(heard).toHaveBeenCalledTimes(1);
  expect(clock.now()).toBe(start + 800);
  vi.advanceTimersByTime(999);
  expect(heard).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(heard).toHaveBeenCalledTimes(2);
  stop();
  clock.drawing();
  expect(vi.getTimerCount()).toBe(0);
});

it('waits a moment for what is drawn twice a second, and not for more than that', () => {
  const clock = createClock();
  const heard = vi.fn();
  const stop = clock.subscribe(heard);
  heard.mockClear();
  for (let drawn = 1; drawn <= 6; drawn += 1) {
    vi.advanceTimersByTime(505);
    clock.drawing();
  }
  // Each of them with something that was drawn.
  expect(heard).toHaveBeenCalledTimes(3);
  expect(clock.now()).toBe(start + 6 * 505);
  vi.advanceTimersByTime(505);
  clock.drawing();
  vi.advanceTimersByTime(594);
  expect(heard).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(1);
  expect(heard).toHaveBeenCalledTimes(4);
  stop();
});

it('goes on when the clock on the wall is set, and shows times of day by that', () => {
  const clock = createClock();
  const stop = clock.subscribe(() => {});
  for (const set of [start - 3_600_000, start + 3_600_000]) {
    const before = clock.now();
    vi.setSystemTime(set);
    act(() => vi.advanceTimersByTime(1_000));
    render(<TimeAgo at={start} />);
    expect(clock.now()).toBe(before + 1_000);
    expect(screen.getByRole('time').textContent).toBe('just now');
    const shown = Date.parse(screen.getByRole('time').getAttribute('datetime') ?? '');
    expect(Date.now() - shown).toBe(clock.now() - start);
    cleanup();
  }
  stop();
});

it('does not move times of day because the clocks are not read at the same moment', () => {
  const shown = wallTimeOf(start);
  vi.setSystemTime(Date.now() + 3);
  expect(wallTimeOf(start)).toBe(shown);
  vi.setSystemTime(Date.now() + 3_000);
  expect(wallTimeOf(start)).toBe(shown + 3_003);
});

it('learns of the sleep of the computer from what the host tells next', () => {
  hearHostTime(start + 3_600_000, false);
  expect(hostNow()).toBe(start + 3_600_000);
  hearHostTime(start, false);
  expect(hostNow()).toBe(start + 3_600_000);
});
