import { expect, it, vi } from 'vitest';
import { Recent } from './recent.ts';

it('makes again only what was not asked for lately', () => {
  const recent = new Recent<string, string>(2);
  const make = vi.fn((key: string) => key.toUpperCase());
  const get = (key: string) => recent.get(key, () => make(key));
  expect([get('a'), get('b'), get('a'), get('c'), get('a')]).toEqual(['A', 'B', 'A', 'C', 'A']);
  expect(make).toHaveBeenCalledTimes(3);
  get('b');
  expect(make).toHaveBeenCalledTimes(4);
});
