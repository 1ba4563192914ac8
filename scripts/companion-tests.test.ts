import { describe, expect, it } from 'vitest';
import { readUnittest } from './companion-tests.ts';

const dashes = '-'.repeat(70);

describe('the result of Python tests', () => {
  it('is counted test by test', () => {
    const output = `..........\n${dashes}\nRan 50 tests in 0.946s\n\nOK\n`;
    expect(readUnittest(output, 0)).toMatchObject({ passed: 50, failed: 0, skipped: 0 });
  });

  it('tells failures, errors and skipped tests apart', () => {
    const output = `.F.E\n${dashes}\nRan 9 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=3)\n`;
    expect(readUnittest(output, 1)).toMatchObject({ passed: 3, failed: 3, skipped: 3 });
  });

  it('knows skipped tests in a run that is fine', () => {
    expect(readUnittest('Ran 1 test in 0.0s\n\nOK (skipped=1)\n', 0)).toMatchObject({
      passed: 0,
      failed: 0,
      skipped: 1,
    });
  });

  it('is a failure when nothing was run or nothing can be read', () => {
    expect(readUnittest('Ran 0 tests in 0.0s\n\nNO TESTS RAN\n', 5).failed).toBe(1);
    expect(readUnittest('Segmentation fault', 139).failed).toBe(1);
    expect(readUnittest('', null).failed).toBe(1);
  });
});
