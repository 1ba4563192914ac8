import { expect, it } from 'vitest';
import { image } from '../testing/builders.ts';
import { outputName } from './executed-output.ts';

it('a file is not shown under a name that misleads', () => {
  expect(outputName(image('cat \u202egnp.exe'))).toBe('cat \ufffdgnp.exe');
  expect(outputName(image('a\u001b[2J\nb.png'))).toBe('a\ufffd[2J\ufffdb.png');
  expect(outputName(image('猫 – ünïcode.png'))).toBe('猫 – ünïcode.png');
});
