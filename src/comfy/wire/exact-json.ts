import { parseJson } from './json.ts';

/**
 * Values that a text may have: a prompt of 5,000 nodes has some 50,000, and each that is looked at takes a
 * microsecond.
 */
const maxValues = 500_000;
const longNumber = /\d{16}/;

/**
 * Parses JSON as `parseJson` does, but keeps whole numbers that JavaScript's numbers cannot hold as text: seeds go up
 * to 2⁶⁴. Throws `SyntaxError` for what is no JSON, and `RangeError` for what has more values than a prompt or is
 * nested too deeply.
 */
export function parseExactJson(text: string): unknown {
  if (valuesOf(text) > maxValues) throw new RangeError('too many values');
  if (!longNumber.test(text)) return parseJson(text);
  return parseJson(text, (_key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^\d{1,20}$/.test(context?.source ?? '')
      ? context?.source
      : value,
  );
}

/** Counted by what stands between them; those within texts count, too. */
function valuesOf(text: string): number {
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    // , [ {
    if (code === 0x2c || code === 0x5b || code === 0x7b) values += 1;
  }
  return values;
}
