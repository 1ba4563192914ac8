import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asOneMessage } from './log-line.ts';

/** Takes lines; they must be free of secrets. Never throws. */
export type Log = (line: string) => void;

export interface LogFileOptions {
  /** Where the file goes; created if need be. */
  folder: string;
  now?: () => Date;
  /** A file of this size is set aside for a new one, bytes. */
  maxBytes?: number;
}

/** How many files are kept: the current one and those set aside. */
const kept = 3;

/**
 * Opens `comfy-monitor.log` for appending. What cannot be written is dropped: a full disk must not end
 * the monitor. Lines are written at once, so that the last one before a crash is there too.
 */
export function openLogFile({ folder, now = () => new Date(), maxBytes = 1_048_576 }: LogFileOptions): Log {
  const path = (age: number): string => join(folder, `comfy-monitor${age === 0 ? '' : `.${age}`}.log`);
  let size = sizeOf(path(0));
  return (line) => {
    const text = `${now().toISOString()} ${asOneMessage(line)}\n`;
    const bytes = Buffer.byteLength(text);
    try {
      if (size === 0) mkdirSync(folder, { recursive: true });
      if (size > 0 && size + bytes > maxBytes) {
        size = 0;
        for (let age = kept - 1; age > 0; age -= 1) setAside(path(age - 1), path(age));
      }
      appendFileSync(path(0), text);
      size += bytes;
    } catch {
      // Nowhere is left to tell.
    }
  };
}

/** The last lines of the current file, from old to new. */
export async function lastLogLines(folder: string, count = 100): Promise<string[]> {
  const text = await readFile(join(folder, 'comfy-monitor.log'), 'utf8');
  return text.trimEnd().split('\n').slice(-count);
}

function setAside(from: string, to: string): void {
  if (sizeOf(from) > 0) renameSync(from, to);
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
