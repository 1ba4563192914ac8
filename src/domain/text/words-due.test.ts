import { describe, expect, it } from 'vitest';
import { areWordsDue } from './words-due.ts';

describe('words that a desktop draws', () => {
  it('are replaced at once when they say something else', () => {
    expect(areWordsDue('idle', 'Portrait · 1%', 0)).toBe(true);
    expect(areWordsDue('idle', 'idle', 60_000)).toBe(false);
  });

  it('rest for some seconds where only numbers differ', () => {
    expect(areWordsDue('Portrait · 41%', 'Portrait · 42%', 4_000)).toBe(false);
    expect(areWordsDue('Portrait · 41%', 'Portrait · 42%', 5_000)).toBe(true);
  });
});
