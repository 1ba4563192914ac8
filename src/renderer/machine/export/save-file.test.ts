import { expect, it } from 'vitest';
import { wallTimeOf } from '../../ui/clock.ts';
import { fileName } from './save-file.ts';

it('names a file by server and time, in characters that every system takes', () => {
  const at = new Date(2026, 0, 31, 7, 5, 30).getTime();
  const shift = at - wallTimeOf(at);
  expect(fileName('studio: /a\\b?', at + shift, 'png')).toBe('studio- -a-b- 2026-01-31 07.05.png');
  expect(fileName('工作室', at + shift, 'csv')).toBe('工作室 2026-01-31 07.05.csv');
  expect(fileName('..', at + shift, 'csv')).toBe('machine 2026-01-31 07.05.csv');
});
