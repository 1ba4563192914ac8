import type { ExecutedOutput } from '../../../domain/outputs/executed-output.ts';
import type { OutputGroup } from '../output-groups.ts';

/** Sizes of a gallery, CSS px. */
export interface GalleryMeasures {
  /** What there is for a row. */
  width: number;
  /** Of a thumbnail, however wide it is. */
  height: number;
  /** Between thumbnails. */
  gap: number;
  /** What the title of a job needs at least. */
  narrowest: number;
}

/** The shape (width ÷ height) of the place of an output. */
export type RatioOf = (group: OutputGroup, output: ExecutedOutput) => number;

/** The rows of a gallery by the prompt ids of their jobs, newest first. */
export type OutputRows = readonly (readonly string[])[];

/**
 * Puts jobs into rows, of which those that stand stay as they are: new ones join the first row as long as there is
 * room, then they begin a row above it. So nothing but the first row changes, and what is below it keeps its place in
 * its row. `before` are the rows that stand, of the same measures; none of them where everything is put anew.
 */
export function arrangedRows(
  before: OutputRows,
  groups: readonly OutputGroup[],
  widthOf: (group: OutputGroup) => number,
  { width, gap }: GalleryMeasures,
): OutputRows {
  const widths = new Map(groups.map((group) => [group.promptId, widthOf(group)]));
  const ids = groups.map(({ promptId }) => promptId);
  const room = { width, gap, of: (id: string) => widths.get(id) ?? 0 };
  const { fresh, standing } = splitAtStanding(
    before.flat().filter((id) => widths.has(id)),
    ids,
  );
  const rows = before
    .map((row) => row.filter((id) => standing.has(id)))
    .filter((row) => row.length > 0)
    .flatMap((row) => (fits(row, room) ? [row] : packedUp([], row, room)));
  const older = ids.slice(fresh.length + standing.size);
  // Nothing stands: the first row is full, and the last one may be short.
  if (rows.length === 0) return packedDown([], ids, room);
  return packedDown(packedUp(rows, fresh, room), older, room);
}

interface Room {
  width: number;
  gap: number;
  of: (id: string) => number;
}

/**
 * What is new comes before the first one from which on everything follows as it stood; where things changed places in
 * the middle, all before them is new again.
 */
function splitAtStanding(
  stood: readonly string[],
  ids: readonly string[],
): { fresh: readonly string[]; standing: ReadonlySet<string> } {
  const places = new Map(stood.map((id, place) => [id, place]));
  const first = ids.findIndex((id, index) => {
    const place = places.get(id);
    if (place === undefined) return false;
    const length = Math.min(stood.length - place, ids.length - index);
    for (let step = 1; step < length; step += 1) if (stood[place + step] !== ids[index + step]) return false;
    return true;
  });
  const place = places.get(ids[first] ?? '');
  if (place === undefined) return { fresh: ids, standing: new Set() };
  return { fresh: ids.slice(0, first), standing: new Set(ids.slice(first, first + stood.length - place)) };
}

function widthOfRow(row: readonly string[], room: Room): number {
  return row.reduce((sum, id) => sum + room.of(id) + room.gap, -room.gap);
}

/** One that is wider than all there is has a row of its own, in which it is broken. */
function fits(row: readonly string[], room: Room): boolean {
  return row.length === 1 || widthOfRow(row, room) <= room.width;
}

/** Rows with these above, the last of them first to be put. */
function packedUp(rows: OutputRows, ids: readonly string[], room: Room): OutputRows {
  let [top = [], ...below] = rows;
  for (const id of ids.toReversed()) {
    const longer = [id, ...top];
    if (fits(longer, room)) top = longer;
    else {
      below = [top, ...below];
      top = [id];
    }
  }
  return [top, ...below];
}

/** Rows with these below. */
function packedDown(rows: OutputRows, ids: readonly string[], room: Room): OutputRows {
  const above = rows.slice(0, -1);
  let bottom = rows.at(-1) ?? [];
  for (const id of ids) {
    const longer = [...bottom, id];
    if (fits(longer, room)) bottom = longer;
    else {
      above.push(bottom);
      bottom = [id];
    }
  }
  return bottom.length === 0 ? above : [...above, bottom];
}

/** The width (px) of a thumbnail of this shape: very long and very narrow ones show with bars beside them. */
export function thumbnailWidth(ratio: number, { width, height }: GalleryMeasures): number {
  return Math.min(width, Math.round(height * Math.min(longest, Math.max(slimmest, ratio))));
}

/** Width ÷ height. */
const longest = 3;
const slimmest = 0.5;

/** The width (px) of a job's thumbnails in one line, or all there is. */
export function groupWidth(group: OutputGroup, ratioOf: RatioOf, measures: GalleryMeasures): number {
  const sum = group.outputs.reduce(
    (total, output) => total + thumbnailWidth(ratioOf(group, output), measures) + measures.gap,
    -measures.gap,
  );
  return Math.min(measures.width, Math.max(measures.narrowest, sum));
}

/**
 * The height (px) of thumbnails in a gallery of this width (px): about a tenth of it, and so that whole ones of the
 * shape that most have fill a row. Texts within it are `enlarged` so many times.
 */
export function thumbnailHeight(width: number, gap: number, ratio: number, enlarged = 1): number {
  const wanted = enlarged * Math.min(tallest, Math.max(lowest, lowest + (width - 340) * 0.06));
  const shape = Math.min(longest, Math.max(slimmest, ratio));
  const columns = Math.max(1, Math.round((width + gap) / (wanted * shape + gap)));
  const filling = (width - gap * (columns - 1)) / columns / shape;
  return Math.floor(Math.min(1.25 * wanted, Math.max(0.8 * wanted, filling)));
}

/** px */
const lowest = 116;
const tallest = 190;
