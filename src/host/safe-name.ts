import { createHash } from 'node:crypto';
import { fileExtension, type MediaFile, outputKindOf } from '../shared/executed-output.ts';

/**
 * Extensions that a viewer only displays. Whatever can carry macros or scripts (SVG, HTML) or start
 * something (desktop files, shortcuts) is not among them.
 */
export function isOpenable(filename: string): boolean {
  return fileExtension(filename) !== '' && outputKindOf(filename, 'file') !== 'file';
}

/**
 * A file name of our own for a downloaded copy: readable, without anything that a file system, a shell
 * or Windows gives a meaning to, and unique to the server's file.
 */
export function safeName(serverUrl: string, file: MediaFile): string {
  const extension = fileExtension(file.filename);
  const stem = file.filename
    .slice(0, file.filename.length - extension.length - 1)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ()_-]+/gu, '_')
    .trim()
    .slice(0, 80);
  const key = createHash('sha256')
    .update([serverUrl, file.type, file.subfolder, file.filename].join('\n'))
    .digest('hex')
    .slice(0, 10);
  return `${stem || 'output'}-${key}.${extension}`;
}
