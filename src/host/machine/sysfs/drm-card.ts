import { join } from 'node:path';
import { linkedName, namesIn, realName, type SysfsFiles } from './sysfs-files.ts';

/** A graphics card as the kernel lists it. */
export interface DrmCard {
  /** Such as `card0`; it may be another one after the driver was reset. */
  id: string;
  /** Its folders: `/sys/class/drm/card0`, and `device` in it. */
  folder: string;
  device: string;
  /** Such as `amdgpu`. */
  driver: string;
  pciAddress: string | null;
  /** Where its sensors are; null if it has none (yet). */
  sensors: string | null;
}

/** Cards that are measured at most: no machine has more. */
const mostCards = 64;

/** The names of all cards; connectors such as `card0-DP-1` are none. */
export async function cardIds(drm: string): Promise<string[]> {
  const names = await namesIn(drm);
  return names.filter((name) => /^card\d{1,4}$/.test(name)).slice(0, mostCards);
}

export async function describeCard(drm: string, id: string): Promise<DrmCard> {
  const folder = join(drm, id);
  const device = join(folder, 'device');
  const address = await realName(device);
  const [sensors] = (await namesIn(join(device, 'hwmon'))).filter((name) => /^hwmon\d+$/.test(name));
  return {
    id,
    folder,
    device,
    driver: (await linkedName(join(device, 'driver'))) ?? '',
    pciAddress: address !== null && /^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.\d$/.test(address) ? address : null,
    sensors: sensors === undefined ? null : join(device, 'hwmon', sensors),
  };
}

/** Whether a card is switched off to save power. Asking for anything else would switch it on. */
export async function isAsleep(files: SysfsFiles, card: DrmCard): Promise<boolean> {
  const status = await files.text(join(card.device, 'power', 'runtime_status'));
  return status !== null && 'text' in status && status.text === 'suspended';
}

/** PCI device id and revision in upper case, such as `744C` and `C8`; '' if they are not known. */
export async function pciIds(
  files: SysfsFiles,
  card: DrmCard,
): Promise<{ device: string; revision: string }> {
  const hex = async (name: string): Promise<string> => {
    const found = await files.text(join(card.device, name));
    const [, digits = ''] =
      /^0x([\da-f]{1,8})$/i.exec(found !== null && 'text' in found ? found.text : '') ?? [];
    return digits.toUpperCase();
  };
  return { device: await hex('device'), revision: await hex('revision') };
}
