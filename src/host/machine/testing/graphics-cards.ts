import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What files say, by their paths. Texts and numbers get the end of a line, as the kernel writes it. */
export type FileContents = Readonly<Record<string, string | number | Buffer>>;

export function writeFiles(folder: string, files: FileContents): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.isBuffer(content) ? content : `${content}\n`);
  }
}

/** What amdgpu writes to `gpu_metrics`: the header, and the throttling reasons that are the same on all chips. */
export function amdMetrics(
  format: number,
  content: number,
  size: number,
  at: number,
  reasons: bigint,
): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt16LE(size, 0);
  bytes.writeUInt8(format, 2);
  bytes.writeUInt8(content, 3);
  bytes.writeBigUInt64LE(reasons, at);
  return bytes;
}

/** Files of an RX 7900 XTX at work, below its `device`. */
export const amdFiles: FileContents = {
  device: '0x744c',
  revision: '0xc8',
  unique_id: '5F8B3C2D1A0E9F77',
  product_name: '',
  'power/runtime_status': 'active',
  gpu_busy_percent: 96,
  mem_info_vram_used: 21_474_836_480,
  mem_info_vram_total: 25_753_026_560,
  mem_info_gtt_used: 104_857_600,
  gpu_metrics: amdMetrics(1, 3, 120, 112, 0x1n),
  'hwmon/hwmon4/temp1_label': 'edge',
  'hwmon/hwmon4/temp1_input': 63_000,
  'hwmon/hwmon4/temp1_crit': 100_000,
  'hwmon/hwmon4/power1_average': 338_000_000,
  'hwmon/hwmon4/power1_cap': 339_000_000,
  'hwmon/hwmon4/fan1_input': 1_500,
  'hwmon/hwmon4/fan1_max': 3_000,
  'hwmon/hwmon4/freq1_input': 2_371_000_000,
  'hwmon/hwmon4/freq2_input': 1_249_000_000,
};

/**
 * Puts a card into a computer, as the kernel lists it: `drm/card0/device` leads to the PCI device, whose `driver`
 * leads to the driver. Gives the folder of the device, from that of the computer.
 */
export function plugIn(
  { folder }: { folder: string },
  card: string,
  { address, driver }: { address: string; driver: string },
  files: FileContents,
): string {
  const device = `devices/${address}`;
  mkdirSync(join(folder, 'drm', card), { recursive: true });
  mkdirSync(join(folder, 'drivers', driver), { recursive: true });
  mkdirSync(join(folder, device), { recursive: true });
  symlinkSync(join(folder, device), join(folder, 'drm', card, 'device'));
  symlinkSync(join(folder, 'drivers', driver), join(folder, device, 'driver'));
  writeFiles(join(folder, device), files);
  return device;
}
