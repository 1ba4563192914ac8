import type { Motif } from '../media/artwork.ts';
import { Random } from '../random.ts';
import { paintCat } from './cat.ts';
import { paintCosmos } from './cosmos.ts';
import { paintInkwash } from './inkwash.ts';
import { paintLandscape } from './landscape.ts';
import { paintProfile } from './profile.ts';
import type { Painter, Sheet } from './sheet.ts';
import { paintWaves } from './waves.ts';

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
