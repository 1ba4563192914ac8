import type { Untold } from '../../../contract/output-details.ts';
import type { TextKey } from '../../../language/english.ts';
import { t } from '../../../language/t.ts';

/** Why it is not known how a file was made, in a sentence. */
export function missingPromptText(untold: Untold): string {
  return t(reasons[untold]);
}

const reasons: Record<Untold, TextKey> = {
  silent: 'outputs.untold.silent',
  'workflow-only': 'outputs.untold.workflow-only',
  unreadable: 'outputs.untold.unreadable',
  'unknown-format': 'outputs.untold.unknown-format',
  damaged: 'outputs.untold.damaged',
  'too-large': 'outputs.untold.too-large',
};

/** Why there is no text of a prompt to be copied. */
export function noPromptText(filename: string, untold: Untold | null): string {
  if (untold === null) return t('outputs.untold.no_prompt', { filename });
  return untold === 'silent' ? t('outputs.untold.silent.named', { filename }) : missingPromptText(untold);
}
