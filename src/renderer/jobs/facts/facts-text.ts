import type { Job } from '../../../domain/jobs/job.ts';
import type { JobParameters, PromptWords } from '../../../domain/jobs/job-parameters.ts';
import { t } from '../../../language/t.ts';

/** A model as people call it: its file without what says how it is stored. */
export function modelText(file: string): string {
  return file.replace(/\.(safetensors|sft|ckpt|gguf|pth?|bin)$/i, '') || file;
}

/** `832 × 1216`, `832 × 1216, 81 frames`; null where the size is not known. */
export function sizeText({ width, height, frames }: JobParameters): string | null {
  if (width === null || height === null) return null;
  return frames === null || frames <= 1
    ? t('jobs.size', { width, height })
    : t('jobs.size_frames', { width, height, frames });
}

/** `batch of 4`; null for one, and where it is not known. */
export function batchText({ batch }: JobParameters): string | null {
  return batch === null || batch <= 1 ? null : t('jobs.batch_of', { batch });
}

/** Sampler and scheduler as people write them: `euler, karras`; null where neither is known. */
export function samplerText({ sampler, scheduler }: JobParameters): string | null {
  return [sampler, scheduler].filter((name) => name !== null).join(', ') || null;
}

/** Words of which some are not kept end in an ellipsis. */
export function wordsText({ text, isClipped }: PromptWords): string {
  return isClipped ? `${text.trimEnd()}…` : text;
}

/** What is known of what a job is made with, if any of it is for people. */
export function shownParameters({ parameters }: Pick<Job, 'parameters'>): JobParameters | null {
  if (parameters === null) return null;
  const { amounts: _, ...shown } = parameters;
  const isNothing = (value: unknown): boolean =>
    value === null || (Array.isArray(value) && value.length === 0);
  return Object.values(shown).every(isNothing) ? null : parameters;
}

/** What is said of a prompt in one line, the most telling first: model, size, batch, seed, words. */
export function factsOf(parameters: JobParameters): string[] {
  const { models, seed, positive } = parameters;
  return [
    models.map(modelText).join(' + ') || null,
    sizeText(parameters),
    batchText(parameters),
    seed === null ? null : t('jobs.seed_of', { seed }),
    positive && wordsText(positive).replace(/\s+/g, ' '),
  ].filter((fact) => fact !== null);
}
