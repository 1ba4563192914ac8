import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOneMessage, safeLine, withoutSecrets } from './log-line.ts';

describe('a line of the log', () => {
  it('shows what a terminal would obey', () => {
    expect(safeLine('a\x1b[2Jb\x07\x9b\r\x00')).toBe('a\\x1b[2Jb\\x07\\x9b\\x0d\\x00');
    expect(safeLine('report\u202efdp.exe\u2028\ud800')).toBe('report\\u202efdp.exe\\u2028\\ud800');
  });

  it('leaves words of all languages, tabs and emoji as they are', () => {
    const text = 'Größe\t港の夜 — مرحبا 👩‍🎨';
    expect(safeLine(text)).toBe(text);
  });

  it('is bounded', () => {
    const text = safeLine(`begin ${'x'.repeat(8_000_000)}`);
    expect(text).toMatch(/^begin x+ \(…7984006 characters more\)$/);
  });

  it('cannot pass for two', () => {
    expect(asOneMessage('refused: no\n2026-03-04T05:06:07.890Z all is well\r\n')).toBe(
      'refused: no\n  2026-03-04T05:06:07.890Z all is well',
    );
  });

  it('says the same when it is made safe twice, and holds nothing else that is unsafe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const once = safeLine(text);
        expect(safeLine(once)).toBe(once);
        expect(once).not.toMatch(/[^\P{Cc}\n\t]|\p{Cs}/u);
      }),
    );
  });

  it('holds no login, the longest first', () => {
    expect(withoutSecrets('got "Bearer abcd-efgh", abcd, a', ['abcd', 'Bearer abcd-efgh', 'a', ''])).toBe(
      'got "(secret)", (secret), a',
    );
  });
});
