import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('turns are had by so many at a time, in the order in which they were asked for', () => {
  const turns = createTurns(2);
  const begun: string[] = [];
  const [endA, , endC] = ['a', 'b', 'c', 'd', 'e'].map((name) => turns.take(() => begun.push(name)));
  expect(begun).toEqual(['a', 'b']);
  // One that gives up waiting takes nobody's turn.
  endC?.();
  expect(begun).toEqual(['a', 'b']);
  endA?.();
  endA?.();
  expect(begun).toEqual(['a', 'b', 'd']);
});
