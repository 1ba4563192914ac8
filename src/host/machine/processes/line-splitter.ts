/** Longest line that anything of ours reads, characters. */
const longestLine = 256 * 1024;

/**
 * Makes lines of pieces of output. A line that is too long is told to `onFlood`, and what comes of it is dropped: it
 * may never end.
 */
export function splitLines(onLine: (line: string) => void, onFlood: () => void): (piece: string) => void {
  let begun = '';
  let isFlood = false;
  return (piece) => {
    const parts = piece.split(/\r\n|\n|\r/);
    const last = parts.pop() ?? '';
    for (const part of parts) {
      const line = begun + part;
      begun = '';
      if (isFlood) isFlood = false;
      else if (line.length > longestLine) onFlood();
      else onLine(line);
    }
    if (isFlood) return;
    begun += last;
    if (begun.length <= longestLine) return;
    begun = '';
    isFlood = true;
    onFlood();
  };
}
