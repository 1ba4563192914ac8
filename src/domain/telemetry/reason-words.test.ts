import { afterEach, beforeAll, expect, it } from 'vitest';
import { learnAllLanguages } from '../../language/all-languages.ts';
import { setLanguage } from '../../language/t.ts';
import { reasonText } from './reason-words.ts';

beforeAll(learnAllLanguages);
afterEach(() => setLanguage('en'));

it('says in the language of the reader why something is not measured', () => {
  const reason = 'nvidia-smi measures nothing: it ended (code 9)';
  expect(reasonText(reason)).toBe(reason);
  setLanguage('zh-CN');
  expect(reasonText(reason)).toBe('nvidia-smi 没有测得数据：已结束（code 9）');
  expect(reasonText("the system's figures cannot be right")).toBe('系统给出的数值不可能正确');
});

it('leaves what nobody translated as it is', () => {
  setLanguage('de');
  expect(reasonText('NVML: Not Supported')).toBe('NVML: Not Supported');
});
