import type { Rgb } from './colour.ts';

/**
 * The colour at a place. Heights go from 0 at the top to 1 at the bottom and widths from 0 to the aspect, so
 * that the same picture comes out at every size.
 */
export type Painter = (x: number, y: number, out: Rgb) => void;

/** The sheet a picture is painted on. */
export interface Sheet {
  /** Width divided by height. */
  readonly aspect: number;
  /** Height of a pixel: how soft an edge must be to look smooth. */
  readonly pixel: number;
}
