import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTextParameters } from './text-parameters.ts';

it('reads prompt and settings as Stable Diffusion web UI writes them', () => {
  const text =
    'a lake,\nat dawn\nNegative prompt: blurry\nSteps: 24, Sampler: Euler a, CFG scale: 6, Seed: 424242, ' +
    'Size: 96x64, Model hash: 1234, Model: "dir/dream, land"';
  const expected = {
    node: null,
    seed: '424242',
    steps: 24,
    model: 'dream, land',
    prompt: 'a lake,\nat dawn',
  };
  expect(readTextParameters(text)).toEqual(expected);
  expect(readTextParameters(text.replace(/\nNegative.*\n/, '\n'))).toEqual(expected);
});

it('leaves open what is not said', () => {
  const nothing = { node: null, seed: null, steps: null, model: null, prompt: null };
  expect(readTextParameters('Steps: 4, Model hash: 12, Seed resize: 5')).toEqual({ ...nothing, steps: 4 });
  expect(readTextParameters('a lake\nNegative prompt: blurry')).toEqual({ ...nothing, prompt: 'a lake' });
});

it.each(['', 'a lake', 'Steps to take: 5'])('takes %j for none', (text) => {
  expect(readTextParameters(text)).toBeNull();
});

it('never throws, and gives texts that end', () => {
  const word = fc.constantFrom(
    'Steps: 5',
    ', ',
    'Seed: ',
    'Model: "',
    '\n',
    'Negative prompt: ',
    '9'.repeat(40),
    'x',
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect((readTextParameters(words.join(''))?.seed ?? '').length).toBeLessThanOrEqual(20);
    }),
  );
});
