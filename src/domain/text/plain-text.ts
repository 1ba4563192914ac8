/** Control characters, halves of characters, and marks that let what follows run the other way. */
const misleading = /[\p{Cc}\p{Cs}\u061c\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A name as it is shown: nothing in it acts on what stands around it, so that `exe.png` cannot look like `gnp.exe`. */
export function plainText(text: string): string {
  return text.replace(misleading, '\ufffd');
}
