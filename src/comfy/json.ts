/**
 * Parses JSON as Python writes it: bare `NaN`, `Infinity` and `-Infinity` become null, and halves of
 * surrogate pairs (file names that are no Unicode) become U+FFFD, because a string holding one cannot
 * be put into a URL. Throws `SyntaxError` for anything else that is not JSON.
 */
export function parseJson(text: string, revive?: Revive): unknown {
  const sound = text.includes('\\ud') || text.includes('\\uD') ? replaceLoneSurrogates(text) : text;
  try {
    return JSON.parse(sound, revive);
  } catch (cause) {
    // Almost every message is plain JSON, so only the others pay for a second look.
    const plain = replaceBareNumbers(sound);
    if (plain === sound) throw cause;
    return JSON.parse(plain, revive);
  }
}

/** As for `JSON.parse`; `source` is what stood in the text. */
type Revive = (key: string, value: unknown, context?: { source?: string }) => unknown;

function replaceLoneSurrogates(text: string): string {
  // Matching every escape in turn keeps `\\ud800` (a backslash and letters) apart from `\ud800`.
  return text.replace(
    /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(\\u[dD][89a-fA-F][\da-fA-F]{2})|\\[\s\S]/g,
    (whole, lone) => (lone === undefined ? whole : '\\ufffd'),
  );
}

function replaceBareNumbers(text: string): string {
  let result = '';
  let position = 0;
  while (position < text.length) {
    const quote = text.indexOf('"', position);
    const outsideEnd = quote === -1 ? text.length : quote;
    result += text.slice(position, outsideEnd).replace(/-?\b(?:NaN|Infinity)\b/g, 'null');
    position = quote === -1 ? text.length : stringEnd(text, quote);
    result += text.slice(outsideEnd, position);
  }
  return result;
}

/** The position behind the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === 0x22) return position + 1;
    position += code === 0x5c ? 2 : 1;
  }
  return text.length;
}
