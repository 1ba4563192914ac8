import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * Where a command stands: `asked` until events show that it was done, `late` when they do not for long.
 * That it was done is never said here: whoever asked sees it in the state.
 */
export type RequestPhase = 'idle' | 'asked' | 'late';

/** How long events may take to confirm a command, ms. */
export const lateAfter = 10_000;

/** Follows one command. `run` resolves when the server took it, and with false when it did not. */
export function useRequest(run: () => Promise<boolean>): { phase: RequestPhase; ask: () => void } {
  const [phase, setPhase] = useState<RequestPhase>('idle');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const ask = useCallback(() => {
    setPhase('asked');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setPhase('late'), lateAfter);
    void run().then((taken) => {
      if (taken) return;
      clearTimeout(timer.current);
      setPhase('idle');
    });
  }, [run]);
  return { phase, ask };
}
