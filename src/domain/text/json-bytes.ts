/** How many bytes a text takes as JSON in UTF-8, its quotes included. */
export function jsonBytes(text: string): number {
  let bytes = 2;
  for (let index = 0; index < text.length; index += 1)
    bytes += bytesOfUnit(text.charCodeAt(index), text, index);
  return bytes;
}

/** Of one UTF-16 code unit. */
function bytesOfUnit(unit: number, text: string, index: number): number {
  if (unit < 0x20) return 6;
  if (unit === 0x22 || unit === 0x5c) return 2;
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (unit < 0xd800 || unit > 0xdfff) return 3;
  // Two halves of a pair make four bytes; a lone one is written as an escape.
  const other = unit < 0xdc00 ? text.charCodeAt(index + 1) : text.charCodeAt(index - 1);
  const isPair = unit < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other <= 0xdbff;
  return isPair ? 2 : 6;
}

const known = new WeakMap<object, number>();

/** How many bytes a value that never changes takes as JSON in UTF-8; measured once. */
export function bytesOf(value: object): number {
  const before = known.get(value);
  if (before !== undefined) return before;
  // What has to be escaped already is, so that only the length in UTF-8 is left to be counted.
  const json = JSON.stringify(value);
  let bytes = json.length;
  for (let index = 0; index < json.length; index += 1) {
    const unit = json.charCodeAt(index);
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  known.set(value, bytes);
  return bytes;
}

const knownLists = new WeakMap<readonly object[], number>();

/** The same of a list, of which most elements have been measured before. */
export function listBytes(list: readonly object[]): number {
  const before = knownLists.get(list);
  if (before !== undefined) return before;
  const bytes = list.reduce((total, value) => total + bytesOf(value) + 1, 2);
  knownLists.set(list, bytes);
  return bytes;
}
