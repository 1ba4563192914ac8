import type { ThrottleReason } from '../../../domain/telemetry/machine-reading.ts';

/** What amdgpu's binary file `gpu_metrics` says that no other file does. */
export interface GpuMetrics {
  /** Tables of the second and third format are those of processors with graphics. */
  isIntegrated: boolean;
  throttledBy: ThrottleReason[] | null;
}

/**
 * Where the reasons stand that are the same on all chips (`indep_throttle_status`), by format and content revision:
 * kgd_pp_interface.h of Linux 6.2. Other revisions have none, or count how long instead.
 */
const statusAt: Readonly<Record<string, { at: number; size: number }>> = {
  '1.3': { at: 112, size: 120 },
  '2.2': { at: 120, size: 128 },
  '2.3': { at: 120, size: 152 },
  '2.4': { at: 120, size: 164 },
};

/** Bits 0–31 are limits of power and current, 32–47 temperatures (amdgpu_smu.h: SMU_THROTTLER_…). */
const powerBits = 0xffff_ffffn;
const heatBits = 0xffff_0000_0000n;
/** Hotspot: RX 7000 cards set it nearly always. */
const hotspotBit = 1n << 36n;

/** Null if it is none, or cut off. */
export function readGpuMetrics(bytes: Buffer): GpuMetrics | null {
  if (bytes.length < 4) return null;
  const size = bytes.readUInt16LE(0);
  const format = bytes.readUInt8(2);
  const content = bytes.readUInt8(3);
  if (size > bytes.length || size < 4 || format < 1 || format > 3) return null;
  const place = statusAt[`${format}.${content}`];
  let throttledBy: ThrottleReason[] | null = null;
  if (place && size >= place.size) {
    const status = bytes.readBigUInt64LE(place.at);
    // All ones are the driver's word for a value that this chip does not have.
    if (status !== 0xffff_ffff_ffff_ffffn) {
      throttledBy = [];
      if ((status & powerBits) !== 0n) throttledBy.push('power_limit');
      const heat = format === 1 ? heatBits & ~hotspotBit : heatBits;
      if ((status & heat) !== 0n) throttledBy.push('heat');
    }
  }
  return { isIntegrated: format !== 1, throttledBy };
}
