import { describe, expect, it } from 'vitest';
import { reduce } from '../../domain/reduce.ts';
import { event, queued, stateAfter } from '../../domain/testing/builders.ts';
import { looksTheSame, nextChange } from './tray-pace.ts';

const minute = 60_000;
const quiet = { isRunning: false, isMenuOpen: false, hasWords: false, pausedUntil: null };

describe('without any event the tray is looked at', () => {
  const now = new Date(2025, 0, 31, 17, 20).getTime();

  it('every second while somebody reads, and every five while something runs', () => {
    expect(nextChange({ ...quiet, isMenuOpen: true, isRunning: true, now })).toBe(1_000);
    expect(nextChange({ ...quiet, isRunning: true, now })).toBe(5_000);
    expect(nextChange({ ...quiet, hasWords: true, now })).toBe(5_000);
  });

  it('else at the full hour, or when a pause ends', () => {
    expect(nextChange({ ...quiet, now })).toBe(40 * minute);
    expect(nextChange({ ...quiet, pausedUntil: now + 5 * minute, now })).toBe(5 * minute + 1);
    expect(nextChange({ ...quiet, pausedUntil: now - minute, now })).toBeGreaterThan(0);
  });
});

it('does not look at what the tray does not show', () => {
  const state = stateAfter(event(0, 'queue_read', { running: [queued('p')], pending: [] }));
  const logged = reduce(state, event(1, 'log_lines_received', { lines: ['a line'] }));
  expect(logged).not.toBe(state);
  expect(looksTheSame(state, logged)).toBe(true);
  expect(looksTheSame(state, reduce(state, event(1, 'queue_read', { running: [], pending: [] })))).toBe(
    false,
  );
  expect(looksTheSame(state, { servers: [] })).toBe(false);
});
