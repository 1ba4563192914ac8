/** Red, green, blue 0–255 and opacity 0–1. */
export type Ink = readonly [red: number, green: number, blue: number, opacity: number];

/** Straight (not premultiplied) RGBA, 8 bits each, row by row from the top left. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Signed distance in pixels from a point to a shape's edge, negative inside. */
export type Shape = (x: number, y: number) => number;

export function createBitmap(size: number): Bitmap {
  return { width: size, height: size, data: new Uint8ClampedArray(size * size * 4) };
}

/** Paints a shape over what is there, with smooth edges. */
export function fill(bitmap: Bitmap, shape: Shape, ink: Ink): void {
  const { width, height, data } = bitmap;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      // Half a pixel on both sides of the edge is where the shape covers a pixel in part.
      const coverage = 0.5 - shape(x + 0.5, y + 0.5);
      if (coverage > 0) blend(data, (y * width + x) * 4, ink, Math.min(1, coverage) * ink[3]);
    }
  }
}

/** Makes everything inside a shape transparent, so that what is painted there next stands apart. */
export function erase(bitmap: Bitmap, shape: Shape): void {
  const { width, height, data } = bitmap;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const kept = 0.5 + shape(x + 0.5, y + 0.5);
      const opacity = (y * width + x) * 4 + 3;
      if (kept < 1) data[opacity] = (data[opacity] ?? 0) * Math.max(0, kept);
    }
  }
}

/** Paints one whole pixel, for lettering that must stay crisp. */
export function dot(bitmap: Bitmap, x: number, y: number, ink: Ink): void {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return;
  blend(bitmap.data, (y * bitmap.width + x) * 4, ink, ink[3]);
}

export function disc(centerX: number, centerY: number, radius: number): Shape {
  return (x, y) => length(x - centerX, y - centerY) - radius;
}

export function ring(centerX: number, centerY: number, radius: number, thickness: number): Shape {
  return (x, y) => Math.abs(length(x - centerX, y - centerY) - radius) - thickness / 2;
}

/** The part of a ring from the top clockwise, with round ends; `fraction` 0–1 of the full turn. */
export function arc(
  centerX: number,
  centerY: number,
  radius: number,
  thickness: number,
  fraction: number,
): Shape {
  if (fraction >= 1) return ring(centerX, centerY, radius, thickness);
  const sweep = fraction * 2 * Math.PI;
  const endX = centerX + radius * Math.sin(sweep);
  const endY = centerY - radius * Math.cos(sweep);
  return (x, y) => {
    const onRing = Math.abs(length(x - centerX, y - centerY) - radius);
    // Too far from the ring to be near its ends.
    if (onRing > thickness) return onRing - thickness / 2;
    const angle = Math.atan2(x - centerX, centerY - y);
    const turn = angle < 0 ? angle + 2 * Math.PI : angle;
    const toEnds = Math.min(length(x - centerX, y - centerY + radius), length(x - endX, y - endY));
    return (turn <= sweep ? onRing : toEnds) - thickness / 2;
  };
}

export function roundedBox(left: number, top: number, width: number, height: number, radius: number): Shape {
  const centerX = left + width / 2;
  const centerY = top + height / 2;
  return (x, y) => {
    const outX = Math.abs(x - centerX) - width / 2 + radius;
    const outY = Math.abs(y - centerY) - height / 2 + radius;
    const outside = length(Math.max(outX, 0), Math.max(outY, 0));
    return outside + Math.min(Math.max(outX, outY), 0) - radius;
  };
}

/** Unlike `Math.hypot`, which takes any number of arguments of any size, this costs next to nothing. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Porter and Duff's "over", on straight colours. */
function blend(data: Uint8ClampedArray, offset: number, ink: Ink, opacity: number): void {
  const below = ((data[offset + 3] ?? 0) / 255) * (1 - opacity);
  const total = opacity + below;
  if (total === 0) return;
  data[offset] = (ink[0] * opacity + (data[offset] ?? 0) * below) / total;
  data[offset + 1] = (ink[1] * opacity + (data[offset + 1] ?? 0) * below) / total;
  data[offset + 2] = (ink[2] * opacity + (data[offset + 2] ?? 0) * below) / total;
  data[offset + 3] = total * 255;
}
