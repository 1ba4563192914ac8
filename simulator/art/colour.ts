/** Red, green and blue, each 0–1. Painters write into one such array instead of making new ones. */
export type Rgb = [red: number, green: number, blue: number];

/** A colour from its CSS hexadecimal form, `#rrggbb`. */
export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Lays a colour over another; opacity 0–1. */
export function lay(target: Rgb, colour: Rgb, opacity: number): void {
  const rest = 1 - opacity;
  target[0] = target[0] * rest + colour[0] * opacity;
  target[1] = target[1] * rest + colour[1] * opacity;
  target[2] = target[2] * rest + colour[2] * opacity;
}

/** Adds light. */
export function glow(target: Rgb, colour: Rgb, amount: number): void {
  target[0] += colour[0] * amount;
  target[1] += colour[1] * amount;
  target[2] += colour[2] * amount;
}

export function set(target: Rgb, colour: Rgb): void {
  target[0] = colour[0];
  target[1] = colour[1];
  target[2] = colour[2];
}

export function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const out: Rgb = [...from];
  lay(out, to, share);
  return out;
}

/** A smooth gradient through evenly spaced colours; place 0–1. */
export function gradient(target: Rgb, colours: readonly Rgb[], place: number): void {
  const scaled = Math.min(0.9999, Math.max(0, place)) * (colours.length - 1);
  const index = Math.floor(scaled);
  const from = colours[index];
  const to = colours[index + 1];
  if (!from || !to) return;
  const share = smooth(0, 1, scaled - index);
  set(target, from);
  lay(target, to, share);
}

/** 0 below the first edge, 1 above the second, smooth between. */
export function smooth(low: number, high: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return share * share * (3 - 2 * share);
}
