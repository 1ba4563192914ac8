import { expect, it } from 'vitest';
import { timeAgo, timeUntil } from './time-ago.tsx';

const now = new Date(2026, 2, 12, 23, 30).getTime();
const minute = 60_000;
const hour = 60 * minute;

it.each([
  [0, 'just now'],
  [44_000, 'just now'],
  [46_000, '1 min ago'],
  [5 * minute, '5 min ago'],
  [59.4 * minute, '59 min ago'],
  [3 * hour, '3 h ago'],
  [14 * hour, 'today 09:30'],
  [30 * hour, 'yesterday 17:30'],
  [50 * hour, '10 Mar 21:30'],
])('says of %i ms ago: %s', (age, words) => {
  expect(timeAgo(now - age, now)).toBe(words);
});

it('does not call what a fast clock puts into the future anything but now', () => {
  expect(timeAgo(now + 5_000, now)).toBe('just now');
});

it('counts down to a moment and then says now', () => {
  expect(timeUntil(now + 7_000, now)).toBe('in 7 s');
  expect(timeUntil(now + 6_200, now)).toBe('in 7 s');
  expect(timeUntil(now + 300, now)).toBe('now');
  expect(timeUntil(now - 4_000, now)).toBe('now');
});
