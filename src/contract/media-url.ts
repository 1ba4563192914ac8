import type { MediaFile } from '../domain/outputs/executed-output.ts';

/** The file as it is, or re-encoded by the server as a light WebP (`/view?preview=webp;75`). */
export type MediaVariant = 'original' | 'thumbnail';

/** A file, and what makes it the file of one run: a later one can save another under the same name. */
export interface RunFile {
  file: MediaFile;
  promptId: string;
  /** When we learnt of it, ms since the epoch; null where that is not at hand. */
  at: number | null;
}

/**
 * The page's address of an executed file, served by the host from the server's `/view`. What is kept under it is of no
 * other run.
 */
export function mediaUrl(
  mediaBase: string,
  serverId: string,
  { file, promptId, at }: RunFile,
  variant: MediaVariant = 'original',
): string {
  const query = [
    `filename=${encodeURIComponent(file.filename)}`,
    `subfolder=${encodeURIComponent(file.subfolder)}`,
    `type=${file.type}`,
    `run=${encodeURIComponent(promptId)}${at === null ? '' : `.${at}`}`,
    ...(variant === 'thumbnail' ? ['variant=thumbnail'] : []),
  ].join('&');
  return `${mediaBase}/${encodeURIComponent(serverId)}/view?${query}`;
}

/** The page's address of a server's newest preview frame; the revision makes each frame a new address. */
export function previewUrl(mediaBase: string, serverId: string, revision: number): string {
  return `${mediaBase}/${encodeURIComponent(serverId)}/preview?revision=${revision}`;
}
