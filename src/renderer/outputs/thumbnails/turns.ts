/** Lets so many at a time have their turn, in the order in which they asked. */
export interface Turns {
  /** Runs `begin` when it is their turn. Gives what ends the turn, or the waiting for it; to be called once done. */
  take(begin: () => void): () => void;
}

export function createTurns(atOnce: number): Turns {
  const having = new Set<object>();
  const waiting = new Map<object, () => void>();
  return {
    take(begin) {
      const one = {};
      const end = (): void => {
        waiting.delete(one);
        if (!having.delete(one)) return;
        for (const [next, start] of waiting) {
          if (having.size >= atOnce) break;
          waiting.delete(next);
          having.add(next);
          start();
        }
      };
      if (having.size < atOnce) {
        having.add(one);
        begin();
      } else waiting.set(one, begin);
      return end;
    },
  };
}
