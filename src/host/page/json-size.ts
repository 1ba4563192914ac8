/**
 * How long a value is as JSON, in characters; counts no further than `limit`, and gives something above it then. For
 * plain data, as events and states are: no cycles, no `toJSON`.
 */
export function jsonSize(value: unknown, limit = Number.POSITIVE_INFINITY): number {
  if (typeof value === 'string') return textSize(value);
  if (typeof value !== 'object' || value === null) return String(value).length;
  let size = 2;
  if (Array.isArray(value)) {
    for (const element of value) {
      size += 1 + jsonSize(element, limit - size);
      if (size > limit) return size;
    }
    return size;
  }
  for (const [key, part] of Object.entries(value)) {
    size += 2 + textSize(key) + jsonSize(part, limit - size);
    if (size > limit) return size;
  }
  return size;
}

/** Characters that need an escape, up to six characters each, can make all the difference in a long text. */
function textSize(text: string): number {
  return text.length < 200 ? text.length + 2 : JSON.stringify(text).length;
}
