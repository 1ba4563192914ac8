import { useEffect, useState } from 'react';
import { useNow } from '../ui/clock.ts';

/** The pointer is hidden when it has not moved for so long, ms. */
const pointerRests = 3_000;
const minute = 60_000;

/** Where the picture is moved to, one place a minute, in percent of the screen's smaller side. */
const places = [
  [0, 0],
  [0.6, 0.3],
  [0.9, -0.3],
  [0.3, -0.8],
  [-0.5, -0.6],
  [-0.9, 0.1],
  [-0.5, 0.7],
  [0.2, 0.9],
] as const;

/** A small shift that is another one each minute, so that nothing bright burns into the screen. */
export function useDrift(): string {
  const [x, y] = places[Math.floor(useNow(minute) / minute) % places.length] ?? [0, 0];
  return `translate(${x}vmin, ${y}vmin)`;
}

/** Whether the pointer was moved a moment ago. */
export function useMovedPointer(): boolean {
  const [moved, setMoved] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const rest = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setMoved(false), pointerRests);
    };
    const move = () => {
      setMoved(true);
      rest();
    };
    rest();
    document.addEventListener('pointermove', move);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointermove', move);
    };
  }, []);
  return moved;
}

/** Keeps the screen on where the browser lets a page do so; it has to be asked anew when the page is back in sight. */
export function useScreenKeptOn(): void {
  useEffect(() => {
    let lock: { release(): Promise<void> } | null = null;
    let ended = false;
    const ask = async () => {
      if (document.visibilityState !== 'visible') return;
      try {
        const got = await navigator.wakeLock?.request('screen');
        if (ended) await got?.release();
        else lock = got ?? null;
      } catch {
        // A browser that saves power refuses; the screen then goes dark as set.
      }
    };
    void ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', ask);
      void lock?.release().catch(() => {});
    };
  }, []);
}
