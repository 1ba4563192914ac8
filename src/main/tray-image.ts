import { type NativeImage, nativeImage } from 'electron';
import { encode } from 'fast-png';
import { drawTrayIcon, type TrayIcon, type TrayTheme } from '../shared/tray/tray-icon.ts';

/** The edge of a tray icon in device-independent pixels: 16 on Windows and macOS, 22 to 24 in Linux panels. */
const edge = process.platform === 'linux' ? 24 : 16;
const scaleFactors = [1, 1.25, 1.5, 2, 2.5, 3];

/** The icon for every scale of display, each drawn for its very size. */
export function trayImage(icon: TrayIcon, theme: TrayTheme): NativeImage {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of scaleFactors) {
    const size = Math.round(edge * scaleFactor);
    const { data, width, height } = drawTrayIcon(icon, size, theme);
    const png = encode({ data, width, height, channels: 4, depth: 8 });
    image.addRepresentation({ scaleFactor, width, height, buffer: Buffer.from(png) });
  }
  if (theme === 'template') image.setTemplateImage(true);
  return image;
}
