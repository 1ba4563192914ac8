import { describe, expect, it } from 'vitest';
import type { Bitmap } from './raster.ts';
import {
  badgeText,
  drawBadgeIcon,
  drawTrayIcon,
  type TrayIcon,
  trayStatuses,
  trayThemes,
} from './tray-icon.ts';

const idle: TrayIcon = { status: 'idle', attention: false, fraction: null, badge: 0 };
const sizes = [16, 20, 24, 32, 36, 40, 48, 64];

describe('the tray icon', () => {
  it.each(sizes)('differs for every status at %i px', (size) => {
    for (const theme of trayThemes) {
      const drawn = trayStatuses.flatMap((status) =>
        [false, true].map((attention) => pixels(drawTrayIcon({ ...idle, status, attention }, size, theme))),
      );
      expect(new Set(drawn).size, theme).toBe(2 * trayStatuses.length);
    }
  });

  it.each(sizes)('tells 1, 12 and more than 99 prompts apart at %i px', (size) => {
    const drawn = [0, 1, 7, 12, 99, 100].map((badge) =>
      pixels(drawTrayIcon({ ...idle, badge }, size, 'dark')),
    );
    expect(new Set(drawn).size).toBe(6);
    const beyond = drawTrayIcon({ ...idle, badge: 5_000 }, size, 'dark');
    expect(pixels(beyond)).toBe(drawn[5]);
  });

  it.each(sizes)('sets the number in crisp white pixels inside the icon at %i px', (size) => {
    const light = { ...idle, badge: 88 };
    const bitmap = drawTrayIcon(light, size, 'light');
    // On the light taskbar nothing but the number is white.
    const whites = coordinates(bitmap).filter(([x, y]) => isWhite(bitmap, x, y));
    expect(whites.length).toBeGreaterThan(20);
    expect(Math.min(...whites.map(([x]) => x))).toBeGreaterThan(0);
    expect(Math.max(...whites.map(([, y]) => y))).toBeLessThan(size - 1);
  });

  it('shows more of the ring the further the job is', () => {
    const greens = [0.1, 0.4, 0.7, 1].map((fraction) => {
      const bitmap = drawTrayIcon({ ...idle, status: 'running', fraction }, 32, 'dark');
      return coordinates(bitmap).filter(([x, y]) => isGreen(bitmap, x, y)).length;
    });
    expect(greens).toEqual([...greens].sort((a, b) => a - b));
    expect(new Set(greens).size).toBe(4);
  });

  it('leaves colour and number to macOS', () => {
    const bitmap = drawTrayIcon({ ...idle, status: 'running', fraction: 0.5, badge: 12 }, 32, 'template');
    for (const [x, y] of coordinates(bitmap)) expect(channels(bitmap, x, y).slice(0, 3)).toEqual([0, 0, 0]);
    const without = drawTrayIcon({ ...idle, status: 'running', fraction: 0.5, badge: 0 }, 32, 'template');
    expect(pixels(bitmap)).toBe(pixels(without));
  });

  it.each([16, 20, 24, 32])('is, over an icon of the taskbar at %i px, the number alone', (size) => {
    for (const count of [1, 12, 100]) {
      const bitmap = drawBadgeIcon(count, size);
      const whites = coordinates(bitmap).filter(([x, y]) => isWhite(bitmap, x, y));
      expect(whites.length).toBeGreaterThan(8);
      expect(Math.min(...whites.map(([x]) => x))).toBeGreaterThan(0);
      expect(Math.max(...whites.map(([x]) => x))).toBeLessThan(size - 1);
    }
  });

  it('shortens what cannot be read', () => {
    expect([1, 99, 100, 12_345].map(badgeText)).toEqual(['1', '99', '99+', '99+']);
  });
});

function pixels(bitmap: Bitmap): string {
  return bitmap.data.join();
}

function coordinates(bitmap: Bitmap): [number, number][] {
  return Array.from({ length: bitmap.width * bitmap.height }, (_, index) => [
    index % bitmap.width,
    Math.floor(index / bitmap.width),
  ]);
}

function channels(bitmap: Bitmap, x: number, y: number): number[] {
  const offset = (y * bitmap.width + x) * 4;
  return [...bitmap.data.slice(offset, offset + 4)];
}

function isWhite(bitmap: Bitmap, x: number, y: number): boolean {
  return channels(bitmap, x, y).every((channel) => channel === 255);
}

function isGreen(bitmap: Bitmap, x: number, y: number): boolean {
  const [red = 0, green = 0, , opacity = 0] = channels(bitmap, x, y);
  return opacity > 128 && green > red + 60;
}
