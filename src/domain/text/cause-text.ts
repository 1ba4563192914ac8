/** What was thrown, as text for a log, its class first. Never throws, whatever it is. */
export function causeText(cause: unknown): string {
  return textOf(() => String(cause), cause);
}

/** The same without the class, for a sentence. Never throws. */
export function causeMessage(cause: unknown): string {
  return textOf(() => (cause instanceof Error ? String(cause.message) : String(cause)), cause);
}

/** Even the kind of an error can be a getter that throws, and what has no prototype has no text. */
function textOf(read: () => string, cause: unknown): string {
  try {
    return read();
  } catch {
    return `(${typeof cause} without a text)`;
  }
}
