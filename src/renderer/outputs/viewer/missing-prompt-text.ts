import type { Untold } from '../../../contract/output-details.ts';

/** Why it is not known how a file was made, in a sentence. */
export function missingPromptText(untold: Untold): string {
  return {
    silent: 'The file does not say how it was made.',
    'workflow-only': 'The file holds its workflow, but not the values that it ran with.',
    unreadable: 'The file says how it was made in a way that could not be read.',
    'unknown-format': 'Files of this kind are not searched for how they were made.',
    damaged: 'The file is damaged or not complete, so it is not known whether it says how it was made.',
    'too-large': 'The file is too large to be searched for how it was made.',
  }[untold];
}

/** Why there is no text of a prompt to be copied. */
export function noPromptText(filename: string, untold: Untold | null): string {
  if (untold === null) return `No prompt text was found in what ${filename} says about how it was made.`;
  return untold === 'silent'
    ? `${filename} does not say which prompt it was made with.`
    : missingPromptText(untold);
}
