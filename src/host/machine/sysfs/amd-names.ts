import { open } from 'node:fs/promises';
import { readableName } from '../gpu-figures.ts';

/** The list has 40 KB today. */
const mostBytes = 2 ** 20;
const mostNames = 10_000;

/** Names of AMD's cards by device and revision, such as `744C C8`; empty if the system has no list of them. */
export async function loadAmdNames(path: string): Promise<Map<string, string>> {
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(mostBytes);
      const { bytesRead } = await file.read(buffer, 0, mostBytes, 0);
      return readAmdNames(buffer.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return new Map();
  }
}

/** Reads libdrm's `amdgpu.ids`: `744C,	C8,	AMD Radeon RX 7900 XTX` after comments and the version. */
export function readAmdNames(text: string): Map<string, string> {
  const names = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, device, revision, name] =
      /^([\da-f]{1,8}),\s*([\da-f]{1,4}),\s*(\S.{0,200})$/i.exec(line.trimEnd()) ?? [];
    if (device === undefined || revision === undefined || name === undefined) continue;
    if (names.size >= mostNames) break;
    const readable = readableName(name);
    if (readable !== null) names.set(`${device} ${revision}`.toUpperCase(), readable);
  }
  return names;
}
