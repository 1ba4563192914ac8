import type { NativeImage } from 'electron';
import { drawnImage } from './drawn-image.ts';
import { drawTrayIcon, type TrayIcon, type TrayTheme } from './tray-icon.ts';

/** The icon in every size that the system asks for. */
export function trayImage(icon: TrayIcon, theme: TrayTheme): NativeImage {
  // Device-independent pixels: 16 on Windows and macOS, 22 to 24 in Linux panels.
  const edge = process.platform === 'linux' ? 24 : 16;
  const image = drawnImage(edge, (size) => drawTrayIcon(icon, size, theme));
  if (theme === 'template') image.setTemplateImage(true);
  return image;
}
