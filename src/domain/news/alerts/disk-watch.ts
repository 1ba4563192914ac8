import { t } from '../../../language/t.ts';
import type { MachineState } from '../../telemetry/machine-state.ts';
import type { TelemetrySample } from '../../telemetry/telemetry.ts';
import { clip } from '../../text/clip.ts';
import { type ByteUnits, formatBytes, formatBytesOf } from '../../text/format.ts';
import { type Announcement, warning } from '../announcement.ts';

/** Less free than this is nearly full: of small disks a share 0–1, of large ones bytes. */
const leastFree = { share: 0.1, bytes: 10 * 2 ** 30 };
/** So many times that much has to be free before it is news again. */
const clearly = 1.5;

/** Characters of a path that a notification has room for. */
const maxPath = 80;

/** Space of a disk, bytes. */
export interface DiskSpace {
  free: number;
  total: number;
}

/** Space of the disk that ComfyUI's outputs are on; null if that was not measured. Crystools may watch another one. */
export function outputDiskOf(sample: TelemetrySample, machine: MachineState): DiskSpace | null {
  const { diskUsed: used, diskTotal: total } = sample;
  if (!machine.diskHoldsOutputs || used === null || total === null || total <= 0) return null;
  return { free: Math.max(0, machine.diskFree ?? total - used), total };
}

/** Whether a disk is nearly full, and that was told or may be told now. Not measured is neither. */
export function isNearlyFull(wasFull: boolean, disk: DiskSpace | null, audible: boolean): boolean {
  if (disk === null) return wasFull;
  const least = Math.min(leastFree.bytes, leastFree.share * disk.total);
  return wasFull ? disk.free < least * clearly : disk.free < least && audible;
}

/** The warning in words; `path` is a folder on the disk, null if it is not known. */
export function diskWarning(
  { free, total }: DiskSpace,
  path: string | null,
  server: { id: string; name: string },
  units: ByteUnits,
): Announcement {
  const where = path === null ? '' : t('news.disk.path', { path: clip(path, maxPath) });
  return warning(
    `disk ${server.id}`,
    t('news.disk', { free: formatBytes(free, units) }),
    t('news.disk.body', { left: formatBytesOf(free, total, units), name: server.name, where }),
  );
}
