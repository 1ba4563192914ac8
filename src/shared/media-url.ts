import type { MediaFile } from './executed-output.ts';

/** The file as it is, or re-encoded by the server as a light WebP (`/view?preview=webp;75`). */
export type MediaVariant = 'original' | 'thumbnail';

/** The page's address of an executed file, served by the host from the server's `/view`. */
export function mediaUrl(
  mediaBase: string,
  serverId: string,
  file: MediaFile,
  variant: MediaVariant = 'original',
): string {
  const query = [
    `filename=${encodeURIComponent(file.filename)}`,
    `subfolder=${encodeURIComponent(file.subfolder)}`,
    `type=${file.type}`,
    ...(variant === 'thumbnail' ? ['variant=thumbnail'] : []),
  ].join('&');
  return `${mediaBase}/${encodeURIComponent(serverId)}/view?${query}`;
}

/** The page's address of a server's newest preview frame; the revision makes each frame a new address. */
export function previewUrl(mediaBase: string, serverId: string, revision: number): string {
  return `${mediaBase}/${encodeURIComponent(serverId)}/preview?revision=${revision}`;
}
