import type { z } from 'zod';

/** What this browser kept for us under a key; null if there is nothing usable. */
export function keptItem<T>(key: string, schema: z.ZodType<T>): T | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : (schema.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    // Storage can be forbidden, and its content can be anything.
    return null;
  }
}

/** Keeps something in this browser, where that is allowed. */
export function keepItem(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Then it holds until the page is closed.
  }
}
