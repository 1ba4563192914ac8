/**
 * A text of at most so many UTF-16 code units, with an ellipsis in place of what is left out. No character is halved,
 * and no space stands before the ellipsis.
 */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, Math.max(0, maxLength - 1)).trimEnd();
  return `${kept.replace(/[\ud800-\udbff]$/, '')}…`;
}
