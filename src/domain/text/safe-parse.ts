import { z } from 'zod';

/** What was checked, or what is wrong with it. */
export type SafeParsed<T> =
  | { success: true; data: T; error?: undefined }
  | { success: false; data?: undefined; error: z.ZodError };

/**
 * Checks what came from outside. Never throws: the `safeParse` of zod (4.6) does where a text is due and there is an
 * object with a `length` that cannot be compared, as in `{"length":{"toString":1}}`.
 */
export function safeParse<T>(schema: z.ZodType<T>, value: unknown): SafeParsed<T> {
  try {
    const { data, error } = schema.safeParse(value);
    return error ? { success: false, error } : { success: true, data };
  } catch {
    return {
      success: false,
      error: new z.ZodError([{ code: 'custom', path: [], message: 'cannot be read', input: undefined }]),
    };
  }
}
