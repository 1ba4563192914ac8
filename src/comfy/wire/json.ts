/**
 * Parses JSON as Python writes it: bare `NaN`, `Infinity` and `-Infinity` become null, and halves of
 * surrogate pairs (file names that are no Unicode) become U+FFFD, because a string holding one cannot
 * be put into a URL. Throws `SyntaxError` for anything else that is not JSON. Takes as long as the text is long.
 */
export function parseJson(text: string, revive?: Revive): unknown {
  const sound = text.includes('\\u') && /\\u[dD]/.test(text) ? withoutLoneSurrogates(text) : text;
  try {
    return JSON.parse(sound, revive);
  } catch (cause) {
    // Almost every message is plain JSON, so only the others pay for a second look.
    const plain = withoutBareNumbers(sound);
    if (plain === null) throw cause;
    return JSON.parse(plain, revive);
  }
}

/** As for `JSON.parse`; `source` is what stood in the text. */
type Revive = (key: string, value: unknown, context?: { source?: string }) => unknown;

const quote = 0x22;
const backslash = 0x5c;

/** Both escapes have six characters, so all others stay where they are. */
function withoutLoneSurrogates(text: string): string {
  let changed: Uint16Array | null = null;
  for (let at = text.indexOf('\\'); at !== -1 && at < text.length; ) {
    if (text.charCodeAt(at) !== backslash) {
      at += 1;
      continue;
    }
    const half = surrogateAt(text, at);
    if (half === null) at += 2;
    else if (half === 'high' && surrogateAt(text, at + 6) === 'low') at += 12;
    else {
      changed ??= unitsOf(text);
      // `\ufffd`
      changed[at + 2] = 0x66;
      changed[at + 3] = 0x66;
      changed[at + 4] = 0x66;
      changed[at + 5] = 0x64;
      at += 6;
    }
  }
  return changed ? textOf(changed) : text;
}

/** Whether `\uXXXX` stands there, for a half of a pair. */
function surrogateAt(text: string, at: number): 'high' | 'low' | null {
  if (text.charCodeAt(at) !== backslash || text.charCodeAt(at + 1) !== 0x75) return null;
  if ((text.charCodeAt(at + 2) | 0x20) !== 0x64) return null;
  const third = hexAt(text, at + 3);
  if (third < 8 || hexAt(text, at + 4) < 0 || hexAt(text, at + 5) < 0) return null;
  return third < 12 ? 'high' : 'low';
}

/** -1 for what is no hexadecimal digit. */
function hexAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Null where there are none. */
function withoutBareNumbers(text: string): string | null {
  if (!text.includes('NaN') && !text.includes('Infinity')) return null;
  // Three letters become four, with at least one character between them.
  const changed = new Uint16Array(text.length + Math.ceil((text.length + 1) / 4));
  let length = 0;
  let isChanged = false;
  let isInside = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInside) {
      changed[length++] = code;
      if (code === quote) isInside = false;
      else if (code === backslash && at + 1 < text.length) changed[length++] = text.charCodeAt(++at);
      continue;
    }
    const word = bareNumberAt(text, at);
    if (word === 0) {
      changed[length++] = code;
      if (code === quote) isInside = true;
      continue;
    }
    // `null`
    changed[length++] = 0x6e;
    changed[length++] = 0x75;
    changed[length++] = 0x6c;
    changed[length++] = 0x6c;
    at += word - 1;
    isChanged = true;
  }
  return isChanged ? textOf(changed.subarray(0, length)) : null;
}

/** The length of `NaN`, `Infinity` or `-Infinity`; 0 if none of them stands there. */
function bareNumberAt(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === 0x4e) return isBare(text, at, 'NaN') ? 3 : 0;
  if (first === 0x49) return isBare(text, at, 'Infinity') ? 8 : 0;
  return first === 0x2d && isBare(text, at + 1, 'Infinity') ? 9 : 0;
}

function isBare(text: string, at: number, word: string): boolean {
  return text.startsWith(word, at) && !isWordAt(text, at + word.length) && !isWordAt(text, at - 1);
}

/** Whether a letter, digit or underscore of ASCII stands there. */
function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const letter = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x7a) || code === 0x5f;
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) units[at] = text.charCodeAt(at);
  return units;
}

function textOf(units: Uint16Array): string {
  return Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');
}
