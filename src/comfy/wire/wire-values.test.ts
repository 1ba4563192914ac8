import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactTextOf, harmless, idOf, textOf } from './wire-values.ts';

const esc = String.fromCharCode(27);

describe('the words of a server', () => {
  it.each([
    [`${esc}[31mred${esc}[0m`, 'red'],
    [`${esc}]0;title\u0007text`, 'text'],
    [`${esc}]8;;http://evil${esc}\\link${esc}]8;;${esc}\\`, 'link'],
    [`${esc}[2J${esc}[Hgone`, 'gone'],
    [`a${esc}`, 'a'],
    ['bell\u0007 null\u0000 del\u007f \u009b31mc1', 'bell null del c1'],
    ['report\u202efdp.exe', 'reportfdp.exe'],
    ['one\r\ntwo\rthree\u2028four', 'one\ntwo\nthree\nfour'],
    ['half \ud83d', 'half \ufffd'],
  ])('%j is shown as %j', (said, shown) => {
    expect(harmless(said, 100)).toBe(shown);
  });

  it.each(['Größe\t港の夜\n— مرحبا 👩‍🎨 \u200f', ''])('%j stays as it is', (text) => {
    expect(harmless(text, 100)).toBe(text);
  });

  it('are none where nothing is left of them', () => {
    expect(textOf('\u0000\u202e', 10)).toBeNull();
    expect(exactTextOf('/data/\u0001', 10)).toBe('/data/\u0001');
  });

  it('hold nothing that acts, and not more than they may', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(250), (text, max) => {
        const shown = harmless(text, max);
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]|\p{Cs}/u);
        expect(harmless(shown, max)).toBe(shown);
      }),
    );
  });

  it('take no longer than they are long', () => {
    const began = performance.now();
    for (const part of [esc, `${esc}[`, `${esc}]`, '\u009b0', '\r']) harmless(part.repeat(500_000), 500_000);
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});

it('an id holds nothing that acts on what stands around it', () => {
  for (const id of ['a\u001b[31mb', 'a\nb', '\u202egnp.exe', 'a\u2066b', '\ud800', 'x'.repeat(500), ''])
    expect(idOf(id)).toBeNull();
  expect(['12:3', 'ünïcode 部屋', 7].map(idOf)).toEqual(['12:3', 'ünïcode 部屋', '7']);
});
