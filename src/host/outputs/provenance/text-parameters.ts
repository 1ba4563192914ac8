import { countOf, textOf } from '../../../comfy/wire/wire-values.ts';
import type { PromptParameters } from '../../../contract/output-details.ts';

/** The longest prompt that is shown, characters. */
export const maxPromptLength = 20_000;
/** Prompts are some hundred lines long at most. */
const maxLines = 5_000;
/** The longest line of settings, in characters. */
const maxSettings = 20_000;

/**
 * Reads the text that Stable Diffusion web UI (A1111) and savers after it put under `parameters`: the prompt, a line
 * that begins with `Negative prompt:`, and one of settings that begins with `Steps:`. Null if it is none; never throws.
 */
export function readTextParameters(text: string): PromptParameters | null {
  const lines = text.split('\n', maxLines);
  const last = lines.findLastIndex((line) => /^Steps: *\d/.test(line.trimStart()));
  const negative = lines.findIndex((line) => line.trimStart().startsWith('Negative prompt:'));
  if (last === -1 && negative === -1) return null;
  const settings = last === -1 ? '' : (lines[last] ?? '').trimStart().slice(0, maxSettings);
  const end = [negative, last].filter((line) => line >= 0).sort((a, b) => a - b)[0] ?? 0;
  const model = setting(settings, 'Model');
  return {
    node: null,
    seed: /^\d{1,20}$/.exec(setting(settings, 'Seed') ?? '')?.[0] ?? null,
    steps: countOf(setting(settings, 'Steps')),
    model: textOf(model?.split(/[\\/]/).at(-1), 300),
    prompt: textOf(lines.slice(0, end).join('\n').trim(), maxPromptLength),
  };
}

/** `Name: value`, or `Name: "value, with commas"`. */
function setting(settings: string, name: string): string | null {
  const start = settings.startsWith(`${name}: `) ? 0 : settings.indexOf(`, ${name}: `);
  if (start === -1) return null;
  const value = settings.slice(settings.indexOf(': ', start) + 2);
  const quoted = /^"([^"]*)"/.exec(value)?.[1];
  return (
    (quoted ?? value.slice(0, value.indexOf(',') === -1 ? undefined : value.indexOf(','))).trim() || null
  );
}
