import { readableName } from '../gpu-figures.ts';
import { lostReason, pciAddressOf } from './query-row.ts';

/** The field that this version of nvidia-smi does not know; null if the line does not say so. */
export function refusedFieldIn(line: string): string | null {
  const [, field] = /^\s*Field "([\w.]{1,80})" is not a valid field to query/.exec(line) ?? [];
  return field ?? null;
}

/** PCI address of the GPU at which nvidia-smi gives up; null if the line does not say so. */
export function lostAddressIn(line: string): string | null {
  const [, address] =
    /^\s*Unable to determine the device handle for GPU\s?([\da-f:]{10,14}\.[\da-f])/i.exec(line) ?? [];
  return pciAddressOf(address ?? '');
}

/** What nvidia-smi says of itself, in our words where it is known. */
export function complaintOf(line: string): string {
  if (/Driver\/library version mismatch/i.test(line))
    return 'the NVIDIA driver was updated, and the computer must be restarted (driver/library version mismatch)';
  if (/couldn't communicate with the NVIDIA driver/i.test(line)) return 'the NVIDIA driver is not running';
  if (/No devices were found/i.test(line)) return 'there is no NVIDIA GPU';
  if (/Unable to determine the device handle/i.test(line)) return lostReason;
  return `nvidia-smi says “${readableName(line)}”`;
}
