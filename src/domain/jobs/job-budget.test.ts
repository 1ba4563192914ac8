import { afterEach, expect, it } from 'vitest';
import { learnAllLanguages } from '../../language/all-languages.ts';
import { setLanguage } from '../../language/t.ts';
import { boundedError } from './job-budget.ts';

afterEach(() => setLanguage('en'));

it('keeps the end of a long traceback, the same on host and page whatever each of them speaks', () => {
  learnAllLanguages();
  const traceback = Array.from({ length: 2_000 }, (_, line) => `  File "node.py", line ${line}`);
  const error = { nodeId: '3', nodeType: 'KSampler', exceptionType: null, message: 'no', traceback };
  const kept = boundedError(error, 2_000);
  expect(kept?.traceback[0]).toBe('…');
  expect(kept?.traceback.at(-1)).toBe(traceback.at(-1));
  setLanguage('zh-CN');
  expect(boundedError(error, 2_000)).toEqual(kept);
});
