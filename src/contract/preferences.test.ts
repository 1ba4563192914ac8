import { describe, expect, it } from 'vitest';
import { changePreferences, defaultPreferences, preferenceChangesSchema } from './preferences.ts';

const dark = { theme: 'dark', compact: true, language: 'system' } as const;

describe('a change of preferences', () => {
  it('mentions nothing but what is changed, however it crosses', () => {
    expect(preferenceChangesSchema.parse({ appearance: dark })).toEqual({ appearance: dark });
    expect(preferenceChangesSchema.parse({})).toEqual({});
  });

  it('leaves everything else as it is', () => {
    const once = changePreferences(defaultPreferences, preferenceChangesSchema.parse({ appearance: dark }));
    const twice = changePreferences(once, preferenceChangesSchema.parse({ updates: false }));
    expect(twice).toEqual({ ...defaultPreferences, appearance: dark, updates: false });
  });
});
