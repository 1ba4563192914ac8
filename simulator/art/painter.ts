import type { Motif } from '../media/artwork.ts';
import { Random } from '../random.ts';
import { paintCosmos } from './cosmos.ts';
import { paintInkwash } from './inkwash.ts';
import { paintLandscape } from './landscape.ts';
import type { Painter, Sheet } from './sheet.ts';

const painters: Readonly<Record<Motif, (random: Random, sheet: Sheet) => Painter>> = {
  landscape: paintLandscape,
  inkwash: paintInkwash,
  cosmos: paintCosmos,
};

export function painterOf(motif: Motif, seed: number, sheet: Sheet): Painter {
  return painters[motif](new Random(`${motif}/${seed}`), sheet);
}
