import { describe, expect, it } from 'vitest';
import { lastWordsOf } from './checked-app.ts';
import { exitCodeOf, type Finding, limited, quitFinding, summaryOf, type Verdict } from './findings.ts';

const finding = (verdict: Verdict): Finding => ({ group: 'Tray', what: 'its menu', verdict, seen: '' });

describe('the exit code', () => {
  it.each([
    [['ok', 'not here', 'figure'], 0],
    [['ok', 'failed'], 1],
    // Nothing looked at is no success.
    [['not here', 'figure'], 1],
    [[], 1],
  ] satisfies [Verdict[], number][])('of %j is %i', (verdicts, code) => {
    expect(exitCodeOf({ findings: verdicts.map(finding) })).toBe(code);
  });

  it('comes with a sum', () => {
    const findings = (['ok', 'ok', 'failed', 'figure'] as const).map(finding);
    expect(summaryOf({ findings })).toBe('2 ok, 1 failed, 0 not here');
  });
});

describe('a figure', () => {
  it('within its limit is fine, and above it a failure that names both', () => {
    expect(limited(0.94, 1, '% of a core', true)).toEqual({
      verdict: 'ok',
      seen: '0.94 % of a core, within the limit of 1 % of a core',
    });
    expect(limited(166.4, 160, 'MB', true)).toEqual({
      verdict: 'failed',
      seen: '166 MB, more than the limit of 160 MB',
    });
  });

  it('is no more than that without limits', () => {
    expect(limited(9, 1, '%', false).verdict).toBe('figure');
    expect(limited(9, null, '%', true)).toEqual({ verdict: 'figure', seen: '9.00 %' });
  });
});

describe('quitting', () => {
  const clean = { ms: 420, code: 0, signal: null, leftBehind: 0, lastWords: 'bye' };

  it('is fine when it is soon, clean and complete', () => {
    expect(quitFinding(clean)).toEqual({ verdict: 'ok', seen: 'after 420 ms, code 0, nothing left behind' });
  });

  it.each([
    [{ ms: null }, 'did not end'],
    [{ ms: 3_001 }, 'more than 3 s'],
    [{ code: 1 }, 'code 1'],
    [{ code: null, signal: 'SIGTRAP' }, 'ended by SIGTRAP'],
    [{ leftBehind: 2 }, '2 of its processes left behind'],
  ])('fails with %j, in words', (change, words) => {
    const { verdict, seen } = quitFinding({ ...clean, ...change });
    expect(verdict).toBe('failed');
    expect(seen).toContain(words);
    expect(seen).toContain('it said last: bye');
  });
});

it('what an app said last leaves out what Chromium says everywhere', () => {
  const output = [
    'the page failed: x is not a function',
    '[42:1126/0151:ERROR:bus.cc(399)] Failed to connect to the bus',
    "[42:1126/0155:FATAL:gpu.cc(440)] GPU process isn't usable. Goodbye.",
    'libva error: unknown',
    '',
  ].join('\n');
  expect(lastWordsOf(output)).toBe(
    "the page failed: x is not a function | [42:1126/0155:FATAL:gpu.cc(440)] GPU process isn't usable. Goodbye.",
  );
});
