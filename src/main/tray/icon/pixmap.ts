import type { Bitmap } from './raster.ts';
import { Recent } from './recent.ts';
import { drawTrayIcon, type TrayIcon } from './tray-icon.ts';

/** A picture as StatusNotifierItem has it: 32 bits per pixel, opacity, red, green, blue in this order. */
export interface Pixmap {
  width: number;
  height: number;
  bytes: Uint8Array;
}

/**
 * Edges in pixels: most panels draw icons with 22 or 24, and about twice that on dense displays. KDE and GNOME
 * take what is nearest. Xfce takes the largest and makes it smaller, so that must not be much too large.
 */
export const pixmapSizes = [22, 24, 32, 48] as const;

/** Icons drawn before; one is 18 KB, and a queue that goes up and down repeats itself. */
const kept = new Recent<string, readonly Pixmap[]>(16);

/** The icon in all sizes, for panels whose colour cannot be known. */
export function trayPixmaps(icon: TrayIcon): readonly Pixmap[] {
  return kept.get(JSON.stringify(icon), () =>
    pixmapSizes.map((size) => pixmapOf(drawTrayIcon(icon, size, 'tile'))),
  );
}

/** Turns RGBA into what D-Bus wants: ARGB in network byte order. */
export function pixmapOf({ width, height, data }: Bitmap): Pixmap {
  const bytes = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 4) {
    bytes[at] = data[at + 3] ?? 0;
    bytes[at + 1] = data[at] ?? 0;
    bytes[at + 2] = data[at + 1] ?? 0;
    bytes[at + 3] = data[at + 2] ?? 0;
  }
  return { width, height, bytes };
}
