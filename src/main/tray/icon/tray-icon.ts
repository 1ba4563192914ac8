import { fitLettering } from './digits.ts';
import { arc, type Bitmap, createBitmap, disc, erase, fill, type Ink, ring, roundedBox } from './raster.ts';

/** What the tray icon says at a glance. */
export const trayStatuses = ['disconnected', 'idle', 'running'] as const;
type TrayStatus = (typeof trayStatuses)[number];

/**
 * What the icon is drawn on: a `dark` or `light` taskbar; `template` for macOS, which colours the
 * shape itself; `tile` brings its own background, for panels whose colour cannot be known.
 */
export const trayThemes = ['dark', 'light', 'template', 'tile'] as const;
export type TrayTheme = (typeof trayThemes)[number];

export interface TrayIcon {
  status: TrayStatus;
  /** Something failed since the user last looked; whatever happens meanwhile does not hide it. */
  attention: boolean;
  /** Fraction 0–1 of the running job; null draws a quarter turn: running, who knows how far. */
  fraction: number | null;
  /** Number of prompts in the badge; 0 draws none. */
  badge: number;
}

const white: Ink = [255, 255, 255, 1];
const black: Ink = [0, 0, 0, 1];
const anthracite: Ink = [32, 33, 40, 1];
const indigo: Ink = [91, 95, 224, 1];
const slate: Ink = [110, 112, 128, 1];
const green: Ink = [61, 196, 126, 1];
const deepGreen: Ink = [22, 140, 82, 1];
const red: Ink = [214, 48, 62, 1];

interface Palette {
  ink: Ink;
  progress: Ink;
  /** Behind the queue length; red is kept for failures. */
  badge: Ink;
  background: Ink | null;
}

/** Draws the icon; `size` is its edge in pixels. */
export function drawTrayIcon(icon: TrayIcon, size: number, theme: TrayTheme): Bitmap {
  const bitmap = createBitmap(size);
  const { ink, progress, badge, background } = paletteFor(icon.status, theme);
  if (background) fill(bitmap, roundedBox(0, 0, size, size, size * 0.24), background);
  const center = size / 2;
  const thickness = Math.max(2, size * 0.125);
  const radius = (background ? size * 0.36 : size * 0.47) - thickness / 2;
  const faint = faded(ink, icon.status === 'disconnected' ? 0.55 : 0.35);

  switch (icon.status) {
    case 'disconnected':
      fill(bitmap, ring(center, center, radius, thickness * 0.75), faint);
      fill(bitmap, slash(center, radius * 0.62, thickness * 0.75), faint);
      break;
    case 'running':
      fill(bitmap, ring(center, center, radius, thickness), faint);
      fill(bitmap, arc(center, center, radius, thickness, icon.fraction ?? 0.25), progress);
      break;
    case 'idle':
      fill(bitmap, ring(center, center, radius, thickness), ink);
  }
  const hasBadge = icon.badge > 0 && theme !== 'template';
  // Cut in half by the badge, the dot in the middle would only be dirt.
  if (icon.status !== 'disconnected' && !hasBadge) fill(bitmap, disc(center, center, size * 0.11), ink);
  if (icon.attention) drawAttention(bitmap, theme);
  if (hasBadge) drawBadge(bitmap, icon.badge, badge);
  return bitmap;
}

/** What stands in the badge: three characters are all that can be read at 16 pixels. */
export function badgeText(count: number): string {
  return count > 99 ? '99+' : String(count);
}

/** The number alone, for taskbars that lay a small picture over the app's own. */
export function drawBadgeIcon(count: number, size: number): Bitmap {
  const bitmap = createBitmap(size);
  const text = fitLettering(badgeText(count), { width: size - 2, height: size - 4 });
  fill(bitmap, roundedBox(0, 0, size, size, size * 0.3), indigo);
  const middle = (length: number) => Math.floor((size - length) / 2);
  text.draw(bitmap, middle(text.width), middle(text.height), white);
  return bitmap;
}

/** Top left, away from the badge with the number and from where a progress ring begins. */
function drawAttention(bitmap: Bitmap, theme: TrayTheme): void {
  const radius = bitmap.width * 0.2;
  erase(bitmap, disc(radius, radius, radius * 1.35));
  fill(bitmap, disc(radius, radius, radius), theme === 'template' ? black : red);
}

function drawBadge(bitmap: Bitmap, count: number, ink: Ink): void {
  const size = bitmap.width;
  const padding = size >= 24 ? 2 : 1;
  const text = fitLettering(badgeText(count), {
    width: size - 2 * padding - (size >= 24 ? 2 : 1),
    height: Math.ceil(size * 0.455),
  });
  const height = text.height + 2 * padding;
  const width = Math.min(size, Math.max(height, text.width + 2 * padding + (size >= 24 ? 2 : 0)));
  const left = size - width;
  const top = size - height;
  erase(bitmap, roundedBox(left - 1, top - 1, width + 2, height + 2, height * 0.3 + 1));
  fill(bitmap, roundedBox(left, top, width, height, height * 0.3), ink);
  text.draw(bitmap, left + Math.floor((width - text.width) / 2), top + padding, white);
}

function paletteFor(status: TrayStatus, theme: TrayTheme): Palette {
  switch (theme) {
    case 'dark':
      return { ink: white, progress: green, badge: indigo, background: null };
    case 'light':
      return { ink: anthracite, progress: deepGreen, badge: indigo, background: null };
    case 'template':
      return { ink: black, progress: black, badge: black, background: null };
    case 'tile':
      return {
        ink: white,
        progress: white,
        badge: anthracite,
        background: status === 'disconnected' ? slate : indigo,
      };
  }
}

/** A bar from the lower left to the upper right, through the middle. */
function slash(center: number, reach: number, thickness: number) {
  return (x: number, y: number) => {
    const along = (x - center - (y - center)) / Math.SQRT2;
    const across = (x - center + (y - center)) / Math.SQRT2;
    const beyond = Math.max(Math.abs(along) - reach, 0);
    return Math.sqrt(beyond * beyond + across * across) - thickness / 2;
  };
}

function faded([red, green, blue, opacity]: Ink, by: number): Ink {
  return [red, green, blue, opacity * by];
}
