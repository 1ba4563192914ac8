import { pciAddressOf } from './query-row.ts';

/** GPUs that an answer is read for: no machine has more. */
const mostGpus = 256;

/**
 * Where each GPU slows down by itself, °C by PCI address, from `nvidia-smi -q -d TEMPERATURE`. Drivers say it as
 * `GPU Slowdown Temp`, or since Ada as distances: `GPU T.Limit Temp` is how far away the highest operating temperature
 * is now, `GPU Slowdown T.Limit Temp` (0 or less) how far beyond it the slowdown begins.
 */
export function readTemperatureLimits(text: string): Map<string, number> {
  const limits = new Map<string, number>();
  for (const part of text.split(/^GPU (?=[\da-f]{4,8}:)/im).slice(1, mostGpus + 1)) {
    const address = pciAddressOf(part.slice(0, part.search(/\s|$/)));
    if (address === null) continue;
    const slowdown =
      degrees(part, 'GPU Slowdown Temp') ?? relativeSlowdown(part) ?? degrees(part, 'GPU Max Operating Temp');
    if (slowdown !== null && slowdown >= 40 && slowdown <= 150) limits.set(address, slowdown);
  }
  return limits;
}

function relativeSlowdown(part: string): number | null {
  const current = degrees(part, 'GPU Current Temp');
  const left = degrees(part, 'GPU T.Limit Temp');
  const slowdown = degrees(part, 'GPU Slowdown T.Limit Temp');
  // Without a distance of its own the slowdown begins at the highest operating temperature.
  return current === null || left === null ? null : current + left - (slowdown ?? 0);
}

function degrees(part: string, label: string): number | null {
  const at = part.indexOf(`${label} `);
  if (at < 0) return null;
  const line = part.slice(at + label.length, at + label.length + 80);
  const [, value] = /^ *: *(-?\d{1,3}) C/.exec(line) ?? [];
  return value === undefined ? null : Number(value);
}
