import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

describe('JSON as Python writes it', () => {
  it('is read like any other JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps words inside of texts, also beside bare numbers that JSON does not have', () => {
    const text = fc.oneof(
      fc.constantFrom('NaN', 'Infinity', '-Infinity', 'NaN"', '\\"NaN', '\\', '"', ', NaN]'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const python = `[${[...texts.map((item) => JSON.stringify(item)), 'NaN'].join(', ')}]`;
        expect(parseJson(python)).toEqual([...texts, null]);
      }),
    );
  });

  it('has no number where Python has none', () => {
    expect(parseJson('{"a": NaN, "b": [Infinity, -Infinity,NaN], "NaN": "NaN"}')).toEqual({
      a: null,
      b: [null, null, null],
      NaN: 'NaN',
    });
    expect(parseJson('NaN')).toBeNull();
  });

  it.each([
    ['{"a": NaNs}'],
    ['[1NaN]'],
    ['{NaN: 1}'],
    ['{"a": --Infinity}'],
    ['"NaN'],
    ['{"a": undefined}'],
    ["{'a': 1}"],
    [''],
    ['\ufeff{}'],
  ])('is refused when it is not JSON: %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('has no halves of surrogate pairs, and keeps whole ones', () => {
    expect(parseJson('"\\ud83d\\ude00 \\uD83D\\uDE00"')).toBe('😀 😀');
    expect(
      parseJson('["\\ud800", "\\udfff", "\\ude00\\ud83d", "\\ud83dx", "\\ud83d\\ud83d\\ude00"]'),
    ).toEqual(['\ufffd', '\ufffd', '\ufffd\ufffd', '\ufffdx', '\ufffd😀']);
  });

  it('keeps a backslash with letters behind it apart from an escape', () => {
    expect(parseJson('"C:\\\\ud800 \\\\\\ud800"')).toBe('C:\\ud800 \\\ufffd');
  });

  it.each([
    ['NaN', '[NaN', ',NaN,"a"', ']'],
    ['halves of pairs', '["', '\\ud800', '"]'],
    ['escapes', '["\\ud800', '\\\\', '"]'],
    ['texts', '[NaN', ',"a"', ']'],
    ['what is not JSON in the end', '[NaN', ',"NaN"', ''],
  ])(
    'takes no longer for a part of a long text than for a part of a short one: %s',
    (_what, head, part, tail) => {
      const timeOf = (count: number): number => {
        const text = head + part.repeat(count) + tail;
        const times = [1, 2, 3].map(() => {
          const before = performance.now();
          try {
            parseJson(text);
          } catch {}
          return performance.now() - before;
        });
        return Math.min(...times) / count;
      };
      timeOf(5_000);
      // Sixteen times as long, and as long for each part but for the noise of a busy machine.
      expect(timeOf(160_000)).toBeLessThan(8 * timeOf(10_000));
    },
  );

  it('never gives an object another prototype', () => {
    const parsed = parseJson('{"__proto__": {"polluted": NaN}}');
    expect(Object.keys(Object(parsed))).toEqual(['__proto__']);
    expect('polluted' in Object(parsed)).toBe(false);
  });
});
