import { type NativeImage, nativeImage, screen } from 'electron';
import { encode } from 'fast-png';
import type { Bitmap } from './raster.ts';

/** The scales of displays that icons are drawn for, each for its very size. */
const scaleFactors = [1, 1.25, 1.5, 2, 2.5, 3];

/**
 * An icon `edge` device-independent pixels wide, drawn in pixels by `draw`. Electron makes the icon handles
 * of Windows from the picture for scale 1 alone and lets Windows stretch it; so there the one picture is as
 * large as the main display, which the taskbar is on, needs it, and has to be drawn anew when that changes.
 */
export function drawnImage(edge: number, draw: (size: number) => Bitmap): NativeImage {
  const image = nativeImage.createEmpty();
  for (const { scaleFactor, size } of picturesFor(edge)) {
    const { data, width, height } = draw(size);
    const png = encode({ data, width, height, channels: 4, depth: 8 });
    image.addRepresentation({ scaleFactor, width, height, buffer: Buffer.from(png) });
  }
  return image;
}

function picturesFor(edge: number): { scaleFactor: number; size: number }[] {
  if (process.platform === 'win32')
    return [{ scaleFactor: 1, size: Math.round(edge * screen.getPrimaryDisplay().scaleFactor) }];
  return scaleFactors.map((scaleFactor) => ({ scaleFactor, size: Math.round(edge * scaleFactor) }));
}
