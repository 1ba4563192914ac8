import { afterEach, expect, it, vi } from 'vitest';
import { isSeen, onSeenChange, seenElsewhere } from './seen.ts';

afterEach(() => vi.restoreAllMocks());

it('a page in the background is seen as long as a part of it is shown in another window', () => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  const heard: boolean[] = [];
  const end = onSeenChange(() => heard.push(isSeen()));
  document.dispatchEvent(new Event('visibilitychange'));
  const close = seenElsewhere();
  close();
  expect(heard).toEqual([false, true, false]);
  end();
  seenElsewhere()();
  expect(heard).toHaveLength(3);
});
