import type { Motif } from '../media/artwork.ts';
import { Random } from '../random.ts';
import { paintCat } from './cat.ts';
import type { Rgb } from './colour.ts';
import { paintCosmos } from './cosmos.ts';
import { paintInkwash } from './inkwash.ts';
import { paintLandscape } from './landscape.ts';
import { paintProfile } from './profile.ts';
import { paintWaves } from './waves.ts';

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

const PAINTERS: Readonly<Record<Motif, (random: Random, sheet: Sheet) => Painter>> = {
  landscape: paintLandscape,
  inkwash: paintInkwash,
  cosmos: paintCosmos,
  cat: paintCat,
  profile: paintProfile,
  waves: paintWaves,
};

export function painterOf(motif: Motif, seed: number, sheet: Sheet): Painter {
  return PAINTERS[motif](new Random(`${motif}/${seed}`), sheet);
}
