import { expect, it } from 'vitest';
import { clip } from './clip.ts';

it.each([
  ['short', 5, 'short'],
  ['a longer one', 8, 'a longe…'],
  ['a longer one', 9, 'a longer…'],
  ['a longer one', 10, 'a longer…'],
  // An astral character is two code units.
  ['abc\u{1f600}def', 5, 'abc…'],
  ['abc\u{1f600}def', 6, 'abc\u{1f600}…'],
  ['', 0, ''],
  ['ab', 1, '…'],
])('%j in %i is %j', (text, maxLength, clipped) => expect(clip(text, maxLength)).toBe(clipped));
