import { createHash } from 'node:crypto';
import { cutText } from '../../comfy/wire/wire-values.ts';
import { fileExtension, type MediaFile, outputKindOf } from '../../domain/outputs/executed-output.ts';
import { t } from '../../language/t.ts';

/**
 * Extensions that a viewer only displays. Whatever can carry macros or scripts (SVG, HTML) or start
 * something (desktop files, shortcuts) is not among them.
 */
export function isOpenable(filename: string): boolean {
  return fileExtension(filename) !== '' && outputKindOf(filename, 'file') !== 'file';
}

/**
 * Why a file is shown and saved, but not opened: its program is a spreadsheet, which takes a cell that begins with `=`
 * for a formula, and a formula of a server's can send what else is in the sheet, or start programs. Null for others.
 */
export function formulaRefusal(path: string): string | null {
  if (fileExtension(path) !== 'csv') return null;
  return t('host.table');
}

/**
 * A file name of our own for a downloaded copy: readable, without anything that a file system, a shell
 * or Windows gives a meaning to, and unique to this version of the server's file.
 */
export function safeName(serverUrl: string, file: MediaFile, version: string | null = null): string {
  const key = createHash('sha256')
    .update([serverUrl, file.type, file.subfolder, file.filename, version ?? ''].join('\n'))
    .digest('hex')
    .slice(0, 10);
  return `${safeStem(file)}-${key}.${fileExtension(file.filename)}`;
}

/** True for names that `safeName` gives, and for those under which its files are written. */
export function isSafeName(name: string): boolean {
  return /^[\p{L}\p{N} ()_-]+-[0-9a-f]{10}\.[a-z0-9]+(\.[0-9a-f-]{36}\.part)?$/u.test(name);
}

/** A name to propose for a copy that people keep: the server's own, as far as it is harmless. */
export function proposedName(file: MediaFile): string {
  return `${safeStem(file)}.${fileExtension(file.filename)}`;
}

function safeStem({ filename }: MediaFile): string {
  const extension = fileExtension(filename);
  const stem = filename
    .slice(0, filename.length - extension.length - 1)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ()_-]+/gu, '_')
    .trim();
  return cutText(stem, 80).trim() || 'output';
}
