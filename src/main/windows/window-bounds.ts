export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How much of a window's upper edge must be on a display for people to be able to take hold of it. */
const grip = { width: 120, height: 40, least: 20 };

/**
 * Where a window goes that was last seen at `wanted`: there, if it can still be reached, else moved and
 * shrunk into what is left. `displays` are the parts of the displays that windows may cover, the main
 * one first.
 */
export function fitBounds(wanted: Rectangle, displays: readonly Rectangle[]): Rectangle {
  const [main] = displays;
  if (!main) return wanted;
  const nearest = [...displays].sort((a, b) => common(wanted, b) - common(wanted, a))[0] ?? main;
  const isGone = common(wanted, nearest) === 0;
  const display = isGone ? main : nearest;
  const width = Math.min(wanted.width, display.width);
  const height = Math.min(wanted.height, display.height);
  if (isGone)
    return {
      x: display.x + Math.round((display.width - width) / 2),
      y: display.y + Math.round((display.height - height) / 2),
      width,
      height,
    };
  const size = { width, height };
  // A window may lie on two displays, or hang over an edge, where its user has put it.
  if (canBeGrasped({ ...wanted, ...size }, displays)) return { ...wanted, ...size };
  return {
    x: clamp(wanted.x, display.x, display.x + display.width - width),
    y: clamp(wanted.y, display.y, display.y + display.height - height),
    ...size,
  };
}

function canBeGrasped(window: Rectangle, displays: readonly Rectangle[]): boolean {
  const edge = { ...window, height: grip.height };
  return displays.some((display) => {
    const { width, height } = overlap(edge, display);
    return width >= Math.min(grip.width, window.width) && height >= grip.least && window.y >= display.y;
  });
}

function common(a: Rectangle, b: Rectangle): number {
  const { width, height } = overlap(a, b);
  return width * height;
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
