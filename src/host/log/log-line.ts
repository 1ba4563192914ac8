/** Longer ones are cut: a server may send a traceback of megabytes, characters. */
const maxLength = 16_000;

/**
 * What a terminal obeys, or what makes a text look other than it is: control characters but line feed and tab,
 * line and paragraph separators, marks that change the direction of writing, and halves of characters.
 */
const unsafe = /[^\P{Cc}\n\t]|[\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/**
 * A message for log and terminal, in which nothing of what servers and files say can do anything: it is visible as
 * `\x1b`, and bounded. Everything that goes there takes this way; a second time changes nothing.
 */
export function safeLine(line: string): string {
  const isLong = line.length > maxLength;
  const text = (isLong ? line.slice(0, maxLength) : line)
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .replace(unsafe, visible);
  return isLong ? `${text} (…${line.length - maxLength} characters more)` : text;
}

/** The lines of one message stay together below its first: none of them can pass for a message of its own. */
export function asOneMessage(line: string): string {
  return safeLine(line).replaceAll('\n', '\n  ');
}

/** Shorter ones are part of every other word, characters. */
const shortestSecret = 4;

/** Without these logins, which servers echo in their answers. */
export function withoutSecrets(line: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '(secret)'), line);
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}
